// en: Which tasks or activities are at another level than their standard?
// zh-Hant: 哪些工作任務或活動的級別與其職能基準不同？
// shows: the level of the standard, and that of the task or activity

MATCH (l:Level)<-[:LEVEL]-(n)-[:OF_STANDARD]->(s:Standard)-[:LEVEL]->(m:Level)
WHERE l.number <> m.number
RETURN s.code AS standard, m.number AS standardLevel, n.code AS code, n.text AS text, l.number AS level
ORDER BY standard, code

// en: Which work activities do most occupations have in common?
// zh-Hant: 最多職業共有的工作活動類型有哪些？
// shows: detailed work activities of O*NET, by the number of occupations that have a task of that kind, and of tasks
// needs: onet

MATCH (s:Standard)<-[:OF_STANDARD]-(t:Task)-[:WORK_ACTIVITY]->(a)
WITH a, count(DISTINCT s) AS occupations, count(DISTINCT t) AS tasks
RETURN a.text AS name, occupations, tasks
ORDER BY occupations DESC, tasks DESC, name
LIMIT 25

// en: How many standards, tasks and activities are at each level?
// zh-Hant: 各級別有多少職能基準、工作任務與工作活動？
// shows: what stands at each of the six levels of iCAP, by class

MATCH (n)-[:LEVEL]->(l:Level)
UNWIND [one IN labels(n) WHERE one IN ["Standard", "Task", "Activity", "CatalogueEntry"]] AS kind
RETURN l.number AS level, kind, count(n) AS count
ORDER BY level, kind

// en: Which tasks have no indicators, or the fewest?
// zh-Hant: 哪些工作任務沒有行為指標，或數量最少？
// shows: tasks by how few indicators they have; standards without any, such as those of O*NET, are left out

MATCH (s:Standard)-[:HAS_TASK]->()-[:HAS_ACTIVITY]->()-[:HAS_INDICATOR]->()
WITH DISTINCT s
MATCH (s)-[:HAS_TASK]->(t)
OPTIONAL MATCH (t)-[:HAS_ACTIVITY]->()-[:HAS_INDICATOR]->(i)
RETURN s.code AS standard, t.code AS task, t.text AS text, count(i) AS indicators
ORDER BY indicators, standard, task
LIMIT 25

// en: What is in the graph, by framework?
// zh-Hant: 各體系載入了多少職能基準與任務？
// shows: standards with content, their tasks, and the shared concepts of each framework

MATCH (s:Standard)-[:FRAMEWORK]->(f:Framework)
WITH f, count(s) AS standards
OPTIONAL MATCH (t:Task)-[:OF_STANDARD]->(:Standard)-[:FRAMEWORK]->(f)
WITH f, standards, count(t) AS tasks
OPTIONAL MATCH (c:Concept)-[:FRAMEWORK]->(f)
RETURN f.code AS framework, standards, tasks, count(c) AS concepts
ORDER BY framework

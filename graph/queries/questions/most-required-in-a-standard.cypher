// en: Which competencies do most tasks of a standard require?
// zh-Hant: 一份職能基準中，最多任務需要的知識與技能為何？
// shows: knowledge and skills of one standard by the number of its tasks that require them
// edit: the code of the standard

WITH "BGM1219-002v2" AS standard
MATCH (:Standard {code: standard})-[:HAS_TASK]->(t)-[:HAS_ACTIVITY*0..1]->()-[:REQUIRES_KNOWLEDGE|REQUIRES_SKILL]->(c)
RETURN c.code AS code, c.text AS text, count(DISTINCT t) AS tasks
ORDER BY tasks DESC, code

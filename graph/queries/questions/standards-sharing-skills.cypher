// en: Which standards share the most skills?
// zh-Hant: 哪些職能基準共有的技能最多？
// shows: pairs of standards that list skills of the same name; versions of one standard are told apart in the last column

MATCH (a:Standard)-[:HAS_SKILL]->(x:Skill)
WITH x.text AS name, a
MATCH (y:Skill {text: name})<-[:HAS_SKILL]-(b:Standard)
WHERE a.code < b.code
MATCH (a)-[:SERIES]->(p), (b)-[:SERIES]->(q)
RETURN a.code AS standard, b.code AS other, count(DISTINCT name) AS skills, p.iri = q.iri AS versions
ORDER BY skills DESC, standard, other
LIMIT 50

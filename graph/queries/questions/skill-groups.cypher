// en: How many skills stand under each group?
// zh-Hant: 各技能群組之下有多少技能？
// shows: groups of ESCO's hierarchy with the number of skills and knowledge below, through all levels
// needs: esco

MATCH (c:Concept)-[:BROADER*1..]->(g:Concept {conceptKind: "group"})-[:FRAMEWORK]->(:Framework {code: "esco"})
WHERE c.conceptKind IN ["skill", "knowledge"]
WITH g, count(DISTINCT c) AS skills
RETURN g.text AS name, skills
ORDER BY skills DESC, name, g.iri
LIMIT 25

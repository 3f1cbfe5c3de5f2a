// en: Which knowledge do most occupations need?
// zh-Hant: 最多職業需要的知識有哪些？
// shows: knowledge by the number of standards that list it or, as a shared concept, require it

MATCH (s:Standard)-[:HAS_KNOWLEDGE|REQUIRES_KNOWLEDGE]->(k)
RETURN k.text AS name, count(DISTINCT s) AS standards
ORDER BY standards DESC, name
LIMIT 25

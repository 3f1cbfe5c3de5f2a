// en: What matters most in an occupation?
// zh-Hant: 一項職業最重要的職能為何？
// shows: competencies of an occupation of O*NET, by rated importance (1 to 5)
// needs: onet
// edit: the code of the occupation

WITH "51-3011.00" AS occupation
MATCH (s:Standard {code: occupation})-[:HAS_REQUIREMENT]->(r)-[:CONCEPT]->(c)
WHERE r.importance IS NOT NULL
RETURN r.kind AS kind, c.text AS name, r.importance AS importance
ORDER BY importance DESC, kind, name
LIMIT 25

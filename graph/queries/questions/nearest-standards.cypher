// en: Which occupations are nearest to this one by shared concepts?
// zh-Hant: 就共用概念而言，哪些職業與此職業最接近？
// shows: occupations that take the most of the same essential skills and knowledge, with how many they take in all
// needs: esco
// edit: the code of the occupation; 7512.1 is the baker of ESCO

WITH "7512.1" AS occupation
MATCH (one:Standard {code: occupation})-[:REQUIRES_SKILL|REQUIRES_KNOWLEDGE]->(c)
MATCH (c)<-[:REQUIRES_SKILL|REQUIRES_KNOWLEDGE]-(other:Standard)
WHERE other.iri <> one.iri
WITH other, count(DISTINCT c) AS shared
MATCH (other)-[:REQUIRES_SKILL|REQUIRES_KNOWLEDGE]->(each)
RETURN other.code AS code, other.text AS name, shared, count(DISTINCT each) AS of
ORDER BY shared DESC, of, code
LIMIT 20

// en: Which competencies do the occupations under 12 take?
// zh-Hant: 職業代碼 12 之下的職業需要哪些職能？
// shows: knowledge, skills and attitudes of all standards under an occupation group, through the hierarchy of codes; the most common first
// edit: the group; 12 is both in Taiwan's classification and in ISCO-08

WITH "12" AS group
MATCH (top:SkosConcept {code: group})<-[:BROADER*0..]-(o)<-[:OCCUPATION]-(s:Standard)
MATCH (s)-[r:HAS_KNOWLEDGE|REQUIRES_KNOWLEDGE|HAS_SKILL|REQUIRES_SKILL|HAS_ATTITUDE]->(c)
WITH s, c, CASE
  WHEN type(r) ENDS WITH "KNOWLEDGE" THEN "knowledge"
  WHEN type(r) ENDS WITH "SKILL" THEN "skill"
  ELSE "attitude" END AS kind
RETURN kind, c.text AS name, count(DISTINCT s) AS standards
ORDER BY standards DESC, kind, name
LIMIT 50

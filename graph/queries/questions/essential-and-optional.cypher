// en: Which skills are essential here and optional there?
// zh-Hant: 哪些技能在某些職業為必要、在其他職業為選擇？
// shows: skills by the number of occupations for which they are essential, and optional; only those that are both
// needs: esco

MATCH (a:Standard)-[:REQUIRES_SKILL|REQUIRES_KNOWLEDGE]->(c)
WITH c, count(a) AS essentialIn
MATCH (b:Standard)-[:OPTIONAL_SKILL|OPTIONAL_KNOWLEDGE]->(c)
WITH c, essentialIn, count(b) AS optionalIn
RETURN c.text AS name, essentialIn, optionalIn
ORDER BY essentialIn + optionalIn DESC, name
LIMIT 25

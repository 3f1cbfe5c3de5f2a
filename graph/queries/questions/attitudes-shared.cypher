// en: Which attitudes do several standards share?
// zh-Hant: 哪些態度為多份職能基準所共有？
// shows: attitudes of the same name in more than one standard

MATCH (s:Standard)-[:HAS_ATTITUDE]->(a)
WITH a.text AS name, count(DISTINCT s) AS standards
WHERE standards > 1
RETURN name, standards
ORDER BY standards DESC, name

// en: Which printed codes are in no list?
// zh-Hant: 哪些原印代碼不在代碼表中？
// shows: codes of category, occupation and industry as printed, and the code that each was read as; those that no list has come first

MATCH (s:Standard)-[:HAS_CLASSIFICATION]->(r)
WHERE r.printedCode IS NOT NULL
OPTIONAL MATCH (r)-[:RESOLVES_TO]->(c)
WITH s, r, coalesce(c.code, "") AS code
RETURN s.code AS standard, r.classificationKind AS kind, r.printedCode AS printed,
  coalesce(r.printedName, "") AS name, code
ORDER BY code <> "", standard, kind, printed, r.iri
LIMIT 50

// en: What is the history of a standard?
// zh-Hant: 一份職能基準的版本沿革為何？
// shows: the rows of its version table, newest first, and whether the content of that version is held here
// edit: the code of the standard

WITH "BGM2421-901v2" AS code
MATCH (s:Standard {code: code})-[:HAS_VERSION_ENTRY]->(e)
OPTIONAL MATCH (e)-[:DESCRIBES]->(v:Standard)
RETURN e.position AS position, e.printedCode AS version, coalesce(e.printedDate, "") AS date,
  coalesce(e.changeNote, "") AS change, v IS NOT NULL AS held
ORDER BY position

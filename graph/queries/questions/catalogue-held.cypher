// en: Which part of the catalogue is held with content?
// zh-Hant: 目錄中的職能基準有多少已載入內容？
// shows: entries of the catalogue of iCAP by category, and how many of these versions are loaded
// needs: icap

MATCH (e:CatalogueEntry)-[:HAS_CLASSIFICATION]->(c {classificationKind: "category"})
OPTIONAL MATCH (e)-[:DESCRIBES]->(s:Standard)
RETURN c.printedCode AS category, c.printedName AS name, count(DISTINCT e) AS entries, count(DISTINCT s) AS held
ORDER BY entries DESC, category, name

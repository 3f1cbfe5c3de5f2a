// en: How many elements does each document hold?
// zh-Hant: 各文件有多少職能要素？
// shows: elements by document and class; a document is a named graph in SPARQL, and in the list documents of a node in Cypher

MATCH (e:Element)
UNWIND [one IN labels(e) WHERE NOT one IN ["Resource", "Element", "Competency", "SubItem", "Statement"]] AS kind
UNWIND e.documents AS document
RETURN document, kind, count(e) AS elements
ORDER BY document, kind

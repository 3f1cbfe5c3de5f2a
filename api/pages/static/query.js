// The query page: an editor over the text field, and a filter for the examples.
const area = document.querySelector("#query");
const KEYWORDS = {
  sparql: "SELECT CONSTRUCT DESCRIBE ASK WHERE DISTINCT OPTIONAL UNION MINUS FILTER BIND VALUES GRAPH PREFIX ORDER BY GROUP HAVING LIMIT OFFSET COUNT SUM AVG MIN MAX GROUP_CONCAT STR LANG langMatches CONTAINS STRSTARTS REGEX EXISTS NOT IN AS DESC ASC COALESCE IF BOUND",
  cypher: "MATCH OPTIONAL WHERE RETURN WITH UNWIND ORDER BY SKIP LIMIT DISTINCT AS AND OR NOT XOR IN CONTAINS STARTS ENDS IS NULL CASE WHEN THEN ELSE END UNION ALL count collect size labels type properties nodes relationships length coalesce toLower DESC EXISTS",
};

function placeOfError(text) {
  const found = /line (\d+), column (\d+)/.exec(text);
  return found ? { line: Number(found[1]), column: Number(found[2]) } : null;
}

// what can stand at the cursor: variables of the query, terms of the schema, and keywords of the language
function completions(language, schema) {
  const keywords = KEYWORDS[language].split(" ").map((label) => ({ label, type: "keyword" }));
  const described = (term, label, type) => ({
    label, type, detail: term.title === label ? "" : term.title, boost: Math.min(9, Math.log10(term.count + 1)),
    info: term.definition || null,
  });
  function inSparql(context) {
    const word = context.matchBefore(/[?$]?[\w-]*:?[\w-]*/);
    if (!word || (word.from === word.to && !context.explicit)) return null;
    const text = context.state.doc.toString();
    const variables = [...new Set(text.match(/[?$]\w+/g) || [])].filter((one) => one !== word.text);
    const terms = schema.terms.filter((one) => !one.curie.startsWith("<")).map((one) => ({
      ...described(one, one.curie, one.kind === "class" ? "class" : "property"),
      apply(view, completion, from, to) {
        const prefix = one.curie.split(":")[0];
        const changes = [{ from, to, insert: one.curie }];
        const declared = new RegExp(`prefix\\s+${prefix}:`, "i").test(text);
        if (!declared && schema.prefixes[prefix]) {
          changes.unshift({ from: 0, insert: `PREFIX ${prefix}: <${schema.prefixes[prefix]}>\n` });
        }
        const before = changes.length > 1 ? changes[0].insert.length : 0;
        view.dispatch({ changes, selection: { anchor: before + from + one.curie.length }, userEvent: "input.complete" });
      },
    }));
    const options = [...terms, ...variables.map((label) => ({ label, type: "variable" })), ...keywords];
    return { from: word.from, options, validFor: /^[?$]?[\w-]*:?[\w-]*$/ };
  }
  function inCypher(context) {
    const word = context.matchBefore(/[:.]?\w*/);
    if (!word || (word.from === word.to && !context.explicit)) return null;
    const text = context.state.doc.toString();
    const before = text.slice(0, word.from);
    if (word.text.startsWith(":")) {
      const kind = before.lastIndexOf("[") > before.lastIndexOf("]") ? "type" : "class";
      const options = schema.terms.filter((one) => one.kind === kind).map((one) => described(one, one.name, "class"));
      return { from: word.from + 1, options, validFor: /^\w*$/ };
    }
    if (word.text.startsWith(".")) {
      const options = schema.terms.filter((one) => one.kind === "property").map((one) => described(one, one.name, "property"));
      return { from: word.from + 1, options, validFor: /^\w*$/ };
    }
    const variables = [...new Set([...text.matchAll(/[([](\w+)/g)].map((one) => one[1]))].map((label) => ({ label, type: "variable" }));
    return { from: word.from, options: [...variables, ...keywords], validFor: /^\w*$/ };
  }
  return language === "sparql" ? inSparql : inCypher;
}

async function edit() {
  const words = area.dataset;
  const [library, answer] = await Promise.all([import(words.editor), fetch(words.terms)]);
  const schema = answer.ok ? await answer.json() : { prefixes: {}, terms: [] };
  const { EditorState, EditorView, keymap, tags } = library;
  const colours = library.HighlightStyle.define([
    { tag: tags.keyword, color: "var(--task)", fontWeight: "600" },
    { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
    { tag: [tags.string, tags.special(tags.string)], color: "var(--knowledge)" },
    { tag: [tags.variableName, tags.propertyName], color: "var(--skill)" },
    { tag: [tags.atom, tags.typeName, tags.number], color: "var(--accent)" },
  ]);
  const look = EditorView.theme({
    "&": { color: "var(--ink)", backgroundColor: "var(--paper)", fontSize: ".92rem" },
    "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "2px" },
    ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55", minHeight: "12rem", maxHeight: "60vh" },
    ".cm-content": { caretColor: "var(--ink)" },
    ".cm-cursor": { borderLeftColor: "var(--ink)" },
    ".cm-gutters": { backgroundColor: "var(--ground)", color: "var(--soft)", border: "0" },
    ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
    "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "var(--accent-soft)" },
    "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--mark)", color: "var(--mark-ink)" },
    ".cm-tooltip": { backgroundColor: "var(--paper)", color: "var(--ink)", border: "1px solid var(--line)" },
    ".cm-tooltip.cm-completionInfo": { maxWidth: "22rem", padding: ".4rem .6rem" },
    ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--accent)", color: "var(--accent-ink)" },
    ".cm-completionDetail": { fontStyle: "normal", opacity: ".85" },
  });
  const host = document.createElement("div");
  host.className = "editor";
  area.before(host);
  // in a shadow root the editor's rules go to adoptedStyleSheets, which the Content-Security-Policy allows
  const root = host.attachShadow({ mode: "open" });
  const label = document.querySelector("label[for=query]");
  const run = () => { area.form.requestSubmit(); return true; };
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: area.value,
      extensions: [
        library.lineNumbers(), library.history(), library.drawSelection(), library.bracketMatching(), library.closeBrackets(),
        library.StreamLanguage.define(library[words.language]), library.syntaxHighlighting(colours), look,
        library.autocompletion({ override: [completions(words.language, schema)], icons: false }),
        keymap.of([{ key: "Mod-Enter", run }, ...library.closeBracketsKeymap, ...library.completionKeymap, ...library.defaultKeymap, ...library.historyKeymap]),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": label.textContent, "aria-multiline": "true" }),
        EditorView.updateListener.of((update) => { if (update.docChanged) area.value = update.state.doc.toString(); }),
      ],
    }),
  });
  area.hidden = true;
  label.addEventListener("click", (event) => { event.preventDefault(); view.focus(); });
  const fault = placeOfError(words.error || "");
  if (fault && fault.line <= view.state.doc.lines) {
    const line = view.state.doc.line(fault.line);
    const from = Math.min(line.from + fault.column - 1, line.to);
    const to = Math.max(from + 1, line.to);
    view.dispatch(library.setDiagnostics(view.state, [{ from, to: Math.min(to, view.state.doc.length), severity: "error", message: words.error.slice(0, 200) }]));
  }
  host.dataset.ready = "true";
}

function findable() {
  const box = document.querySelector("#find-example");
  if (!box) return;
  box.closest("p").hidden = false;
  const status = box.closest("p").querySelector("[role=status]");
  box.addEventListener("input", () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const group of document.querySelectorAll(".examples-of")) {
      let any = false;
      for (const item of group.querySelectorAll("li")) {
        const text = item.textContent.toLowerCase();
        item.hidden = !words.every((word) => text.includes(word));
        any ||= !item.hidden;
        shown += item.hidden ? 0 : 1;
      }
      group.hidden = !any;
    }
    status.textContent = shown ? "" : status.dataset.none;
  });
}

findable();
if (area && window.CSSStyleSheet && "adoptedStyleSheets" in document) edit();

// What is downloaded before the list runs in Chrome 87: the built entry is parsed and lowered again, and must not change.
import { build, parseAst, type Rolldown, transformWithOxc } from "vite";
import { beforeAll, describe, expect, it } from "vitest";
import { OLDEST_BROWSERS } from "../vite.config";

// Syntax that no tool can lower, by the node it makes: a build target alone does not keep it out.
const NEVER_LOWERED: Record<string, (node: Node) => boolean> = {
  "a class static block": ({ type }) => type === "StaticBlock",
  "import attributes": ({ attributes }) => Array.isArray(attributes) && attributes.length > 0,
  "a regular expression newer than 2018": ({ regex }) => regex !== undefined && (/[dv]/.test(regex.flags) || /\(\?[ims-]+:/.test(regex.pattern)),
  // Safari learned it in 16.4.
  "lookbehind": ({ regex }) => regex !== undefined && /\(\?<[=!]/.test(regex.pattern),
};

interface Node {
  type: string;
  attributes?: unknown;
  regex?: { pattern: string; flags: string };
}

describe("what comes before the list", () => {
  let scripts: Rolldown.OutputChunk[];
  beforeAll(async () => {
    const built = (await build({ logLevel: "error", build: { write: false } })) as Rolldown.RolldownOutput;
    const chunks = built.output.filter((file): file is Rolldown.OutputChunk => file.type === "chunk");
    const entry = chunks.find(({ name, isEntry }) => isEntry && name === "index");
    // `imports` are loaded with the entry; what it imports dynamically comes after the list.
    scripts = chunks.filter(({ fileName }) => fileName === entry?.fileName || entry?.imports.includes(fileName));
  }, 120_000);

  it("is the entry and what it imports, and not the map", () => {
    expect(scripts.map(({ name }) => name)).toContain("index");
    for (const { code } of scripts) expect(code).not.toContain("maplibregl-canvas");
  });

  it("has no syntax that the oldest browsers would have to be spared", async () => {
    for (const { code } of scripts) expect(await lowered(code)).toBe(await lowered(code, "esnext"));
    // The same comparison tells newer syntax.
    for (const newer of ["a ||= b;", "class A { #x() {} }"]) expect(await lowered(newer)).not.toBe(await lowered(newer, "esnext"));
  });

  it("has none either that cannot be lowered", () => {
    for (const { fileName, code } of scripts) expect(newSyntax(parseAst(code)), fileName).toEqual([]);
  });

  it("would be told from newer syntax", () => {
    expect(newSyntax(parseAst("class A { static { f(); } }"))).toEqual(["a class static block"]);
    expect(newSyntax(parseAst("await f();"))).toEqual(["await outside a function"]);
    expect(newSyntax(parseAst("async function f() { await g(); } /(?<=a)b/d;")))
      .toEqual(["a regular expression newer than 2018", "lookbehind"]);
  });
});

async function lowered(code: string, target: string | string[] = OLDEST_BROWSERS): Promise<string> {
  return (await transformWithOxc(code, "script.js", { sourcemap: false, lang: "js", target })).code;
}

/** The names of the syntax in the tree that no target lowers. */
function newSyntax(tree: object): string[] {
  const found = new Set<string>();
  walk(tree, false, found);
  return [...found];
}

function walk(value: unknown, inFunction: boolean, found: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) walk(item, inFunction, found);
  if (typeof value !== "object" || value === null || !("type" in value)) return;
  const node = value as Node;
  for (const [name, is] of Object.entries(NEVER_LOWERED)) if (is(node)) found.add(name);
  if (!inFunction && node.type === "AwaitExpression") found.add("await outside a function");
  const isFunction = /Function/.test(node.type);
  for (const child of Object.values(node)) walk(child, inFunction || isFunction, found);
}

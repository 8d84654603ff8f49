// What pages say of a problem of the service: Chinese pages its Chinese sentence, and the English one where there is no other.
import { afterEach, describe, expect, it, vi } from "vitest";
import { getJson, RequestError } from "../src/shared/api";
import { askJson } from "../src/shared/ask";
import { language, switchLanguage } from "../src/shared/language";
import { problemText } from "../src/shared/problem-text";
import type { Told } from "../src/shared/types";

// The language is read from the address when the words are loaded.
vi.hoisted(() => { globalThis.location = new URL("http://127.0.0.1/keep") as unknown as Location; });

const ENGLISH = "ticket `3` is closed; expected one that is open or acknowledged";
const CHINESE = "工单 `3` 已结束；应为待处理或处理中的工单";
const problem = { title: "Conflict", title_zh: "工单已结束", status: 409, code: "ticket_closed", detail: ENGLISH } as const;
const both = { ...problem, detail_zh: CHINESE };

afterEach(() => {
  vi.unstubAllGlobals();
  if (language() === "en") switchLanguage();
});

describe("a problem of the service", () => {
  const said = (told: Told) => problemText(new RequestError("refused", "", 409, told));

  it("is told in Chinese on a Chinese page, under its title", () => {
    expect(said(both)).toContain(`工单已结束 · ${CHINESE}`);
    expect(said(both)).not.toContain(ENGLISH);
  });

  it("is told in English where there is no Chinese sentence", () => {
    expect(said(problem)).toContain(`工单已结束 · ${ENGLISH}`);
  });

  it("is told in English on an English page", () => {
    switchLanguage();
    expect(said(both)).toContain(ENGLISH);
    expect(said(both)).not.toMatch(/\p{Script=Han}/u);
  });

  it.each([["asked by the desk", () => askJson({ path: "/v1/tickets/3" }), `工单已结束 · ${CHINESE}`, ENGLISH],
    ["asked by the finder", () => getJson("/v1/tickets/3", {}), `${CHINESE} (409)`, `${ENGLISH} (409)`]])(
    "is the message of the error, %s", async (_who, ask, zh, en) => {
      vi.stubGlobal("fetch", () => Promise.resolve(new Response(JSON.stringify(both), { status: 409 })));
      await expect(ask()).rejects.toHaveProperty("message", zh);
      switchLanguage();
      await expect(ask()).rejects.toHaveProperty("message", en);
    });
});

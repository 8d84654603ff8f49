// A field in which a place is searched for, with the places that match below it: by keyboard, touch and screen reader.
import { whenKept } from "../offline/kept";
import { readCoordinates } from "../shared/coordinates";
import type { Place } from "../shared/datum";
import { byId, make } from "../shared/dom";
import { words } from "../shared/language";
import type { Datum } from "../shared/types";
import { isLatin } from "./match";
import { type Named, namesOf, search } from "./places";

const MOST = 8;
const DATUMS: Datum[] = ["wgs84", "gcj02", "bd09"];

/** A place that was chosen. */
export interface Choice {
  from: "search" | "typed" | "device";
  name: string;
  /** Null when the device is to be asked. */
  place: Place | null;
  /** The station, where one was chosen. */
  id?: string;
}

interface Option { title: string; detail: string; icon: string; choice: Choice }

let names: Named[] = [];
whenKept((city) => { names = namesOf(city); });

let syllables: ((text: string) => string[]) | null = null;

/** Connects the field `id` and its list `id-list`; `choose` is told what was chosen. */
export class SearchBox {
  private readonly input: HTMLInputElement;
  private readonly list: HTMLElement;
  private options: Option[] = [];
  private active = -1;

  constructor(private readonly id: string, private readonly choose: (choice: Choice) => void) {
    this.input = byId<HTMLInputElement>(id);
    this.list = byId(`${id}-list`);
    this.input.addEventListener("input", () => void this.update());
    this.input.addEventListener("focus", () => {
      this.input.select();
      void this.update();
    });
    this.input.addEventListener("blur", () => this.close());
    this.input.addEventListener("keydown", (event) => this.key(event));
    // Before the field loses the focus, which closes the list.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const position = (event.target as Element).closest<HTMLElement>("[role=option]")?.dataset["position"];
      if (position !== undefined) this.take(Number(position));
    });
  }

  /** Writes the name of a place that was chosen elsewhere. */
  write(text: string): void {
    this.input.value = text;
    this.close();
  }

  private async update(): Promise<void> {
    const query = this.input.value;
    if (isLatin(query) && syllables === null) {
      const loaded = await import("./pinyin").catch(() => null);
      syllables = loaded === null ? null : remembered(loaded.syllables);
      if (query !== this.input.value) return;
    }
    this.show(query);
  }

  private show(query: string): void {
    this.options = query.trim() === "" ? [device()] : [...coordinates(query), ...search(names, query, syllables, MOST).map(named)];
    this.active = query.trim() !== "" && this.options.length > 0 ? 0 : -1;
    const rows = this.options.map(({ title, detail, icon }, position) => make("li", {
      role: "option", id: `${this.id}-${position}`, class: "found-place", "data-position": String(position),
      "aria-selected": String(position === this.active),
    }, make("span", { class: `place-icon kind-${icon}`, "aria-hidden": "true" }), make("span", {},
      make("span", { class: "place-name" }, title), detail === "" ? null : make("span", { class: "place-detail" }, detail))));
    if (rows.length === 0) rows.push(make("li", { class: "no-place", role: "option", "aria-disabled": "true", "aria-selected": "false" }, words().nothingFound(query.trim())));
    this.list.replaceChildren(...rows);
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark();
  }

  private close(): void {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  private key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && this.options.length > 0) {
      event.preventDefault();
      if (this.list.hidden) this.list.hidden = false;
      this.active = (this.active + step + this.options.length) % this.options.length;
      this.mark();
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.take(this.active);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.stopPropagation();
      this.close();
    }
  }

  private mark(): void {
    for (const row of this.list.querySelectorAll<HTMLElement>("[data-position]")) {
      const isActive = row.dataset["position"] === String(this.active);
      row.setAttribute("aria-selected", String(isActive));
      if (isActive) row.scrollIntoView({ block: "nearest" });
    }
    if (this.active < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", `${this.id}-${this.active}`);
  }

  private take(position: number): void {
    const option = this.options[position];
    if (option === undefined) return;
    this.input.value = option.choice.place === null ? "" : option.choice.name;
    this.close();
    this.input.blur();
    this.choose(option.choice);
  }
}

function device(): Option {
  return { title: words().myLocation, detail: "", icon: "here", choice: { from: "device", name: words().myLocation, place: null } };
}

function named({ kind, name, detail, place, id }: Named): Option {
  return {
    title: name, detail: kind === "district" ? words().districtKind : detail, icon: kind,
    choice: { from: "search", name, place, ...(id === undefined ? {} : { id }) },
  };
}

// The same numbers are another place in another datum, so each is offered.
function coordinates(query: string): Option[] {
  const read = readCoordinates(query);
  if (read.kind !== "place") return [];
  const name = `${read.lon},${read.lat}`;
  return DATUMS.map((datum) => ({
    title: name, detail: words().datums[datum] + (read.swapped ? words().betweenSentences + words().swapped : ""), icon: "coordinates",
    choice: { from: "typed", name, place: { lon: read.lon, lat: read.lat, datum } },
  }));
}

function remembered(of: (text: string) => string[]): (text: string) => string[] {
  const known = new Map<string, string[]>();
  return (text) => {
    let syllables = known.get(text);
    if (syllables === undefined) known.set(text, (syllables = of(text)));
    return syllables;
  };
}

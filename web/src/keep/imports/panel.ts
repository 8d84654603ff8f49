// Imports: a list with a form for new ones, or one import, as the address says.
import "../../styles/keep-imports.css";
import { make } from "../../shared/dom";
import type { OpenPanel } from "../panel";
import { ImportList } from "./list";
import type { Import } from "./types";
import { UploadForm } from "./upload";
import { ImportView } from "./view";
import { importWords } from "./words";

export const openPanel: OpenPanel = (root, shell) => {
  // Those with choices that are not sent stay, whatever is looked at meanwhile.
  const views = new Map<string, ImportView>();
  const intro = make("p", { class: "hint" });
  const home = make("div", { class: "import-home" });
  let isHome: boolean | null = null;

  const list = new ImportList(shell, (imports) => form.offer([...new Set(imports.map(({ source }) => source))]));
  const form = new UploadForm(shell, (made: Import) => {
    views.set(made.id, new ImportView(shell, made.id, made));
    shell.go("imports", { import: made.id });
  });
  home.append(intro, form.element, list.element);

  const show = () => {
    const id = shell.address().get("import");
    for (const [other, view] of views) {
      if (other === id || view.isUnsaved) continue;
      view.close();
      views.delete(other);
    }
    if (id === null) {
      if (isHome !== true) root.replaceChildren(home);
      isHome = true;
      void list.load();
      return;
    }
    isHome = false;
    const known = views.get(id);
    const view = known ?? new ImportView(shell, id, null);
    views.set(id, view);
    if (view.element.parentElement !== root) root.replaceChildren(view.element);
    void view.load();
  };

  const write = () => {
    intro.textContent = importWords().intro;
    form.write();
    list.write();
    for (const view of views.values()) view.write();
  };
  write();
  return { show, write, isUnsaved: () => [...views.values()].some((view) => view.isUnsaved) };
};

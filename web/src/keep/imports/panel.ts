// Not built yet.
import type { OpenPanel } from "../panel";

export const openPanel: OpenPanel = (root) => ({ show: () => root.replaceChildren("…"), write: () => undefined });

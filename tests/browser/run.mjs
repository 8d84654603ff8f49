// Runs every browser test against the real binary: `node tests/browser/run.mjs` after `cargo build` and `npm ci` in web/.
// YIZHAN_BIN names another binary, CHROMIUM another browser. Pictures of each state go to artefacts/browser/.
import "./find.mjs";
import "./sheet.mjs";
import "./route.mjs";
import "./offline.mjs";
import "./weak.mjs";
import "./safe.mjs";
import "./access.mjs";
import "./map.mjs";
import "./registers.mjs";
import "./docs.mjs";
import "./plan.mjs";
import "./plan-what-if.mjs";
import "./plan-states.mjs";
import "./keep-stations.mjs";
import "./keep-station.mjs";
import "./keep-import.mjs";
import "./keep-desk.mjs";
import "./keep-desk-tickets.mjs";
import "./keep-desk-feeds.mjs";
import "./keep-english.mjs";
import "./keep-english-import.mjs";
import "./keep-english-desk.mjs";

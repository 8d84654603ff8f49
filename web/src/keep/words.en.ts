// Every English word of the frame of the page for the staff, key for key as in Chinese.
import type { KeepWords } from "./words.zh";

export const en: KeepWords = {
  pageTitle: "Yizhan · keep the register",
  skipToWork: "Skip to the content",
  keepTitle: "Keep the register",
  keepTabs: "Parts of the page",
  keepFooter: "The token is in the memory of this page only; each change is logged with who, when and why.",
  signInHeading: "Come in with a token",
  signInHint: "Keeping the register needs a token. It is only used to ask this server, and never put into an address, a cookie or lasting storage.",
  tokenLabel: "Token",
  keepToken: "Remember it in this tab (until the tab is closed)",
  signIn: "Come in",
  signOut: "Leave",
  noTokenYet: "No token yet?",
  noTokenHelp: "Ask an administrator to make one under “Tokens”, or run this on the server:",
  checking: "Checking the token…",
  tokenRefused: "The token is wrong, has expired or was revoked. Check it and try again.",
  tokenEnded: "The token is no longer good; come in again. What you have not saved is still on the page.",
  readOnly: "This service has loaded files and has no register, so nothing can be changed. Start it with yizhan serve --database yizhan.db and open this page again.",
  tooManyTries: "Too many tries. Wait a while and try again.",
  who: (name, role, until) => `${name} · ${role}${until === null ? "" : ` · good until ${until}`}`,
  roles: { reader: "reader", editor: "editor", admin: "administrator" },
  tabs: { stations: "Stations", imports: "Imports", tickets: "Reports", feeds: "Feeds", tokens: "Tokens" },
  leaveUnsaved: "There are changes that are not saved. Leave all the same?",
  failedToOpen: "This part did not open.",
};

// Every Chinese word of the frame of the page for the staff. The type of this object is what the English one must match.
export const zh = {
  pageTitle: "驿站 · 管理",
  skipToWork: "跳到内容",
  keepTitle: "管理登记册",
  keepTabs: "管理的各部分",
  keepFooter: "令牌只在这个页面的内存里；每次修改都记下是谁、何时、为什么。",
  signInHeading: "用令牌进入",
  signInHint: "管理登记册需要令牌。它只用来向这台服务器提问，不写入地址、Cookie 或长期存储。",
  tokenLabel: "令牌",
  keepToken: "在这个标签页里记住（关闭即忘）",
  signIn: "进入",
  signOut: "退出",
  noTokenYet: "还没有令牌？",
  noTokenHelp: "请管理员在“令牌”里新建，或在服务器上运行：",
  checking: "正在核对令牌…",
  tokenRefused: "令牌不对、已过期或已吊销。请核对后再试。",
  tokenEnded: "令牌已失效，请重新进入。没有保存的内容还在页面上。",
  readOnly: "这个服务载入的是文件，没有登记册，所以不能修改。请用 yizhan serve --database yizhan.db 启动，再打开这一页。",
  tooManyTries: "试得太多了，请过一会儿再试。",
  who: (name: string, role: string, until: string | null) => `${name} · ${role}${until === null ? "" : ` · 有效期至 ${until}`}`,
  roles: { reader: "查看", editor: "编辑", admin: "管理员" },
  tabs: { stations: "站点", imports: "导入", tickets: "反馈", feeds: "订阅", tokens: "令牌" },
  leaveUnsaved: "有修改还没有保存。要离开吗？",
  failedToOpen: "这一部分没有打开。",
};

export type KeepWords = typeof zh;

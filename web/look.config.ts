import base from "./vite.config.ts";
const config = base as { plugins: { name: string }[] };
export default { ...config, plugins: config.plugins.filter(({ name }) => name !== "compressed") };

// Compile styles/portal.scss for left-to-right and right-to-left languages into the folder given.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv } from "node:process";
import rtlcss from "rtlcss";
import { compile } from "sass";

const target = argv[2];
const { css } = compile("styles/portal.scss", {
  loadPaths: ["node_modules"],
  quietDeps: true,
  style: "compressed",
});
mkdirSync(target, { recursive: true });
writeFileSync(join(target, "site.css"), css);
writeFileSync(join(target, "site.rtl.css"), rtlcss.process(css));

// Compile styles/portal.scss for left-to-right and right-to-left languages into the folder given.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv } from "node:process";
import postcss from "postcss";
import rtlcss from "rtlcss";
import { compile } from "sass";

// KERN defines many more properties than the components in use read: a quarter of the sheet.
function dropUnreadProperties(css) {
  const root = postcss.parse(css);
  for (let dropped = true; dropped; ) {
    const read = new Set(Array.from(root.toString().matchAll(/var\((--[\w-]+)/g), ([, name]) => name));
    dropped = false;
    root.walkDecls(/^--/, (property) => {
      if (!read.has(property.prop)) {
        property.remove();
        dropped = true;
      }
    });
  }
  return root.toString();
}

const target = argv[2];
const sheet = compile("styles/portal.scss", { loadPaths: ["node_modules"], quietDeps: true, style: "compressed" });
const css = dropUnreadProperties(sheet.css);
mkdirSync(target, { recursive: true });
writeFileSync(join(target, "site.css"), css);
writeFileSync(join(target, "site.rtl.css"), rtlcss.process(css));

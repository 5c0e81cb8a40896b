/** Looks for texts in every file of the server's folders, as `strings | grep` would, and in all its writings. */
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** All files below a folder. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? filesBelow(path) : [path];
  });
}

/** Which needles a text holds, in any letter case, plain or as JSON and URLs write them. */
export function found(haystack: Buffer | string, needles: readonly string[]): string[] {
  const text = (typeof haystack === "string" ? haystack : haystack.toString("latin1")).toLowerCase();
  return needles.filter((needle) => {
    const plain = needle.toLowerCase();
    const utf8 = Buffer.from(plain, "utf8").toString("latin1");
    const forms = [plain, utf8, encodeURIComponent(plain), encodeURIComponent(plain).replaceAll("%20", "+")];
    return forms.some((form) => text.includes(form.toLowerCase()));
  });
}

/** A file's bytes; none of one that the running server has renamed since, whose bytes stand under its new name. */
function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
}

/** Needles found in files, as "needle in file". */
export function foundInFiles(folders: readonly string[], needles: readonly string[]): string[] {
  return folders
    .flatMap(filesBelow)
    .flatMap((file) => found(bytesOf(file), needles).map((needle) => `${needle} in ${file}`));
}

// The notices that the licences of packages want to go along with what is made of their code. Vite has the
// same for pages (build.license), but not by itself, and leaves NOTICE files out.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const LEGAL = /^(licen[cs]e|notice|copying)/i;

/** Writes the notices of all packages whose modules stand in a bundle into a file beside it. */
export function notices(fileName) {
  return {
    name: 'notices',
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap(({ moduleIds = [] }) => moduleIds);
      const source = textOf(packagesOf(modules));
      this.emitFile({ type: 'asset', fileName, source });
    },
  };
}

/** Each package of these modules once, by name and version. */
function packagesOf(modules) {
  const found = new Map();
  for (const folder of new Set(modules.map(packageFolder))) {
    if (folder === null) continue;
    const told = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const { name, version, license = 'no licence named', author, repository } = told;
    const by = [author?.name ?? author, repository?.url ?? repository].filter(Boolean).join(', ');
    found.set(`${name} ${version} (${license})`, { folder, by });
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The folder of the package that a module belongs to; null for one of our own. */
function packageFolder(id) {
  const [, folder] =
    /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id.replaceAll('\\', '/')) ?? [];
  return folder !== undefined && existsSync(path.join(folder, 'package.json')) ? folder : null;
}

function textOf(packages) {
  const parts = packages.map(([title, { folder, by }]) => {
    const files = readdirSync(folder, { withFileTypes: true }).filter((file) => file.isFile());
    const texts = files
      .filter(({ name }) => LEGAL.test(name) && !/\.[cm]?[jt]s$/.test(name))
      .map(({ name }) => readFileSync(path.join(folder, name), 'utf8').trim());
    return [`## ${title}`, ...(texts.length > 0 ? texts : [by])].join('\n\n');
  });
  const head =
    '# Third-party notices\n\nThe program beside this file contains code of these packages.';
  return [head, ...parts].join('\n\n') + '\n';
}

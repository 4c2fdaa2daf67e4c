/** An undefined symbol and the version that it is bound to. */
type Binding = readonly [symbol: string, version: string];

/** The smallest ELF library that has undefined symbols with versions, all of `libc.so.6`. */
export function elfLibrary(bindings: readonly Binding[]): Buffer {
  const strings = stringTable();
  const versions = [...new Set(bindings.map(([, version]) => version))];
  const symbols = Buffer.alloc(24 * (bindings.length + 1));
  const versionOf = Buffer.alloc(2 * (bindings.length + 1));
  bindings.forEach(([symbol, version], index) => {
    symbols.writeUInt32LE(strings.add(symbol), 24 * (index + 1));
    versionOf.writeUInt16LE(versions.indexOf(version) + 2, 2 * (index + 1));
  });
  const needs = Buffer.alloc(16 * (versions.length + 1));
  needs.writeUInt16LE(1, 0);
  needs.writeUInt16LE(versions.length, 2);
  needs.writeUInt32LE(strings.add('libc.so.6'), 4);
  needs.writeUInt32LE(16, 8);
  versions.forEach((version, index) => {
    const at = 16 * (index + 1);
    needs.writeUInt16LE(index + 2, at + 6);
    needs.writeUInt32LE(strings.add(version), at + 8);
    needs.writeUInt32LE(index + 1 < versions.length ? 16 : 0, at + 12);
  });
  const header = Buffer.alloc(64);
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  const sections = [
    { type: 0, content: Buffer.alloc(0), link: 0, info: 0 },
    { type: 11, content: symbols, link: 4, info: 1 },
    { type: 0x6fffffff, content: versionOf, link: 1, info: 0 },
    { type: 0x6ffffffe, content: needs, link: 4, info: 1 },
    { type: 3, content: strings.bytes(), link: 0, info: 0 },
  ];
  const table = Buffer.alloc(64 * sections.length);
  let offset = header.length;
  sections.forEach(({ type, content, link, info }, index) => {
    table.writeUInt32LE(type, 64 * index + 4);
    table.writeBigUInt64LE(BigInt(offset), 64 * index + 0x18);
    table.writeBigUInt64LE(BigInt(content.length), 64 * index + 0x20);
    table.writeUInt32LE(link, 64 * index + 0x28);
    table.writeUInt32LE(info, 64 * index + 0x2c);
    offset += content.length;
  });
  header.writeBigUInt64LE(BigInt(offset), 0x28);
  header.writeUInt16LE(64, 0x3a);
  header.writeUInt16LE(sections.length, 0x3c);
  return Buffer.concat([header, ...sections.map(({ content }) => content), table]);
}

function stringTable() {
  let text = '\0';
  return {
    add(string: string): number {
      const offset = text.length;
      text += `${string}\0`;
      return offset;
    },
    bytes: () => Buffer.from(text, 'latin1'),
  };
}

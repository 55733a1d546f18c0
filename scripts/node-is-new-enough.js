// Exits 0 where this Node can build the labextension (rspack's floor: ^20.19.0 || >=22.12.0).
const [major, minor] = process.versions.node.split('.').map(Number);
const enough = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
process.exit(enough ? 0 : 1);

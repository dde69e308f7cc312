// parse.cjs FILE...: print, as a line of JSON for each file, what tree-sitter makes
// of it as PowerShell: the text of each statement, and of what it cannot read.
const { createRequire } = require('node:module')
const fs = require('node:fs')
const path = require('node:path')

const tools = createRequire(path.join(__dirname, '../../.tools/powershell/node_modules/'))
const { Parser, Language } = tools('web-tree-sitter')

async function main() {
  await Parser.init()
  const parser = new Parser()
  parser.setLanguage(await Language.load(tools.resolve('tree-sitter-powershell/tree-sitter-powershell.wasm')))
  for (const file of process.argv.slice(2)) {
    const result = { statements: [], errors: [], strings: [] }
    const visit = (node) => {
      if (node.isError || node.isMissing) result.errors.push(`line ${node.startPosition.row + 1}: ${node.text}`)
      if (node.type === 'statement_list' && node.parent.type === 'program') result.statements = node.children.map((child) => child.text)
      if (node.type === 'string_literal') result.strings.push(node.text)
      node.children.forEach(visit)
    }
    visit(parser.parse(fs.readFileSync(file, 'utf8')).rootNode)
    console.log(JSON.stringify(result))
  }
}

main().catch((err) => {
  console.error(err)
  process.exit(1)
})

import { linksOf } from './asvs-page.js';
import { leadsToTests, type TestLink } from './named-tests.js';

/** A test that holds a case, and which rows of its table do. */
interface Proof extends TestLink {
  rows: string[];
}

/** One line of the page: what is tried, what must come of it, and the tests that hold it. */
export interface Case {
  section: string;
  tried: string;
  answer: string;
  /** Whether it depends on what all replicas know. */
  shared: boolean;
  proofs: Proof[];
}

/** @param page Markdown; a cell holds no `|` of its own, and names of rows stand in backticks behind the link of their test */
export function casesOf(page: string): Case[] {
  return page
    .split(/^## /m)
    .slice(1)
    .flatMap((part) => {
      const [section = '', ...lines] = part.split('\n');
      const rows = lines.filter((line) => line.startsWith('| ') && !/^\| (tried|---) /.test(line));
      return rows.map((line) => caseOf(section, line));
    });
}

function caseOf(section: string, line: string): Case {
  const [tried = '', answer = '', shared = '', by = '', ...more] = line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim());
  if (more.length > 0) throw new Error(`${tried} has more cells than the table`);
  if (!['all', 'each'].includes(shared)) throw new Error(`${tried} is known neither to each replica nor to all`);
  return { section, tried, answer, shared: shared === 'all', proofs: proofsIn(by) };
}

function proofsIn(cell: string): Proof[] {
  return cell.split(/(?=\[)/).flatMap((part) =>
    linksOf(part)
      .filter(({ target }) => leadsToTests(target))
      .map((link) => ({ ...link, rows: namesIn(part.slice(part.indexOf(')') + 1)) })),
  );
}

function namesIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
}

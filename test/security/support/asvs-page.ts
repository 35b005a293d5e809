/** One line of the table: a requirement, and what meets it. */
export interface Row {
  id: string;
  level: string;
  asks: string;
  met: string;
  by: string;
}

/** @param page Markdown; a cell holds no `|` of its own */
export function rowsOf(page: string): Row[] {
  const lines = page.split('\n').filter((line) => /^\| \d+\.\d+\.\d+ /.test(line));
  return lines.map((line) => {
    const cells = line.slice(1, -1).split('|');
    const [id = '', level = '', asks = '', met = '', by = '', ...more] = cells.map((cell) => cell.trim());
    if (more.length > 0) throw new Error(`${id} has more cells than the table`);
    return { id, level, asks, met, by };
  });
}

export function linksOf(markdown: string): { text: string; target: string }[] {
  return [...markdown.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(([, text = '', target = '']) => ({ text, target }));
}

/** Where one can lead to in a page: its headings, as they are written in addresses. */
export function anchorsOf(page: string): string[] {
  return [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

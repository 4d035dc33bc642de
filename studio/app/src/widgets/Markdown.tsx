import {Fragment, type ReactNode} from 'react';

/** The little Markdown that descriptions use: paragraphs, lists, `code`, **strong** and *emphasis*. Everything is text, nothing is HTML. */
export function Markdown({text}: {text: string}) {
  const blocks = text.split(/\n{2,}/);
  return (
    <div className="markdown">
      {blocks.map((block, i) => {
        const lines = block.split('\n');
        const isList = lines.every(line => /^\s*[-*] /.test(line));
        if (isList) {
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: blocks of one text, never moved
            <ul key={i}>
              {lines.map((line, k) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <li key={k}>{inline(line.replace(/^\s*[-*] /, ''))}</li>
              ))}
            </ul>
          );
        }
        // biome-ignore lint/suspicious/noArrayIndexKey: as above
        return <p key={i}>{inline(block.replace(/^#+ /, ''))}</p>;
      })}
    </div>
  );
}

function inline(text: string): ReactNode[] {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*|\*[^*]+\*)/).map((part, i) => {
    const key = `${i}${part}`;
    if (/^`.+`$/.test(part)) return <code key={key}>{part.slice(1, -1)}</code>;
    if (/^\*\*.+\*\*$/.test(part)) return <strong key={key}>{part.slice(2, -2)}</strong>;
    if (/^\*.+\*$/.test(part)) return <em key={key}>{part.slice(1, -1)}</em>;
    return <Fragment key={key}>{part}</Fragment>;
  });
}

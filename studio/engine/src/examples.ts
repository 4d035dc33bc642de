// The circuits that come with the studio.

const texts = import.meta.glob<string>('../../../examples/*.json', {query: '?raw', import: 'default'});

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1, -'.json'.length);

/** Names of the examples, in the order of the gallery. */
export const exampleNames: string[] = Object.keys(texts).map(nameOf).sort();

/** The text of an example; undefined when there is none of this name. */
export async function exampleText(name: string): Promise<string | undefined> {
  const path = Object.keys(texts).find(candidate => nameOf(candidate) === name);
  return path === undefined ? undefined : texts[path]!();
}

import {BookOpen, Puzzle, Shapes, SquareArrowOutUpRight} from 'lucide-react';
import {type ReactNode, useState} from 'react';
import {extendInExplorer, placePrototype} from '../commands/circuit';
import {useSession, useStudio} from '../context';
import {type MessageKey, t} from '../i18n';
import {organDefinitions} from '../organs/definitions';
import {placeOrgan} from '../organs/place';
import {examples, openExample} from '../session/files';
import {Icon, type IconType} from '../widgets/Icon';
import {IconButton} from '../widgets/IconButton';

/** Everything that can be placed or opened, found by name. */
export function Explorer() {
  const session = useSession();
  const library = useStudio(state => state.library);
  const [text, setText] = useState('');
  const fits = (...words: (string | undefined)[]) =>
    words.some(word => word?.toLocaleLowerCase().includes(text.trim().toLocaleLowerCase()));

  const organs = organDefinitions.filter(organ => fits(t(organ.title), organ.type));
  const prototypes = (library?.prototypes ?? []).filter(prototype => fits(prototype.name, prototype.title));
  const generators = (library?.generators ?? []).filter(generator => fits(generator.name, generator.title, generatorTitle(generator.name)));
  const shownExamples = examples.filter(example => fits(exampleTitle(example), example));
  const isEmpty = organs.length + prototypes.length + generators.length + shownExamples.length === 0;
  return (
    <div className="explorer">
      <div className="section">
        <input
          className="input"
          type="search"
          aria-label={t('explorer.search')}
          placeholder={t('explorer.search')}
          value={text}
          onChange={event => setText(event.target.value)}
        />
      </div>
      {isEmpty && <p className="empty">{t('explorer.nothingFound', {text})}</p>}
      <Group title={t('explorer.organs')} isShown={organs.length > 0}>
        {organs.map(organ => (
          <Entry
            key={organ.type}
            icon={organ.icon}
            name={t(organ.title)}
            help={t(organ.help)}
            onPress={() => void placeOrgan(session, organ)}
          />
        ))}
      </Group>
      <Group title={t('explorer.prototypes')} isShown={prototypes.length > 0 || text === ''}>
        {prototypes.map(prototype => (
          <Entry
            key={`${prototype.name}${prototype.version}`}
            icon={Puzzle}
            name={prototype.name}
            help={prototype.extends ? t('explorer.extends', {name: prototype.extends}) : prototype.title}
            onPress={() => void placePrototype(session, prototype.name)}
          >
            <IconButton
              icon={SquareArrowOutUpRight}
              size={14}
              label={`${t('action.openTab')}: ${prototype.name}`}
              onPress={() => void session.openTab(`/prototypes/${prototype.name}`)}
            />
            <IconButton
              icon={Shapes}
              size={14}
              label={`${t('action.extend')}: ${prototype.name}`}
              onPress={() => extendInExplorer(session, prototype.name)}
            />
          </Entry>
        ))}
        {prototypes.length === 0 && <li className="hint padded">{t('explorer.noPrototypes')}</li>}
      </Group>
      <Group title={t('explorer.generators')} isShown={generators.length > 0}>
        {generators.map(generator => (
          <Entry
            key={generator.name}
            icon={Shapes}
            name={generatorTitle(generator.name)}
            help={generatorHelp(generator.name, generator.description)}
            onPress={() =>
              session.showDialog({kind: 'new-node', place: session.middle(160, 120), type: 'generator', generator: generator.name})
            }
          />
        ))}
      </Group>
      <Group title={t('explorer.examples')} isShown={shownExamples.length > 0}>
        {shownExamples.map(example => (
          <Entry
            key={example}
            icon={BookOpen}
            name={exampleTitle(example)}
            help={exampleHelp(example)}
            onPress={() => void openExample(session, example)}
          />
        ))}
      </Group>
    </div>
  );
}

export function exampleTitle(name: string): string {
  return t(`example.${name}` as MessageKey, {}, name.replaceAll('_', ' '));
}

export function exampleHelp(name: string): string {
  return t(`example.${name}.help` as MessageKey, {}, '');
}

/** Names of generators in the person's language; the engine's own for those that the catalogue does not know. */
export function generatorTitle(name: string): string {
  return t(`generator.${name}` as MessageKey, {}, name);
}

export function generatorHelp(name: string, fallback: string): string {
  return t(`generator.${name}.help` as MessageKey, {}, fallback);
}

function Group({title, isShown, children}: {title: string; isShown: boolean; children: ReactNode}) {
  if (!isShown) return null;
  return (
    <section className="explorer-group">
      <h2>{title}</h2>
      <ul className="plain-list">{children}</ul>
    </section>
  );
}

/** A thing that a click places or opens; `children` are what else can be done with it. */
function Entry({
  icon,
  name,
  help,
  onPress,
  children,
}: {
  icon: IconType;
  name: string;
  help: string;
  onPress: () => void;
  children?: ReactNode;
}) {
  return (
    <li className="explorer-row">
      <button type="button" className="explorer-entry" onClick={onPress}>
        <Icon of={icon} />
        <span>
          <span className="entry-name">{name}</span>
          <span className="hint">{help}</span>
        </span>
      </button>
      {children}
    </li>
  );
}

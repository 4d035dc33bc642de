import type {CircuitView, GeneratorInfo, Json} from '@flux/engine';
import {type KeyboardEvent, useState} from 'react';
import {useSession, useStudio} from '../context';
import {type MessageKey, t} from '../i18n';
import {type OrganDefinition, organDefinitions} from '../organs/definitions';
import {placeOrgan} from '../organs/place';
import {generatorHelp, generatorTitle} from '../panels/Explorer';
import {defaultValues, GeneratorFields, type GeneratorValues} from '../panels/inspector/GeneratorForm';
import {countProperty, neuronProperties} from '../properties';
import {selectNew} from '../session/clipboard';
import {checkId, freeId, inCircuit, withoutDefaults} from '../session/operations';
import type {Place} from '../session/state';
import {Icon} from '../widgets/Icon';
import {PropertyField} from '../widgets/PropertyField';
import {PropertyFields} from '../widgets/PropertyFields';
import {Segmented} from '../widgets/Segmented';
import {Card} from './Card';
import {GeneratorPreview} from './GeneratorPreview';

type Kind = 'neuron' | 'circuit' | 'organ' | 'generator';

/** The lowest and highest threshold are the threshold until they are set. */
const standard: Record<string, number> = Object.fromEntries(
  neuronProperties.filter(({name}) => !isBound(name)).map(spec => [spec.name, spec.default]),
);

/** Where a neuron may start from: what differs from the defaults. */
const presets: {id: string; label: MessageKey; properties: Record<string, number>}[] = [
  {id: 'neuron', label: 'preset.plain', properties: {}},
  {id: 'sensitive', label: 'preset.sensitive', properties: {threshold: 40}},
  {id: 'pacemaker', label: 'preset.pacemaker', properties: {autoFiringRate: 200}},
  {id: 'burster', label: 'preset.burster', properties: {threshold: 40, burstingRate: 128}},
  {id: 'coincidence', label: 'preset.coincidence', properties: {threshold: 100, leak: 120}},
];

export function NewNode({place, type, generator}: {place: Place; type: Kind; generator?: string}) {
  const session = useSession();
  const view = useStudio(state => state.view)!;
  const library = useStudio(state => state.library);
  const [kind, setKind] = useState<Kind>(type);
  const [name, setName] = useState<string | null>(null);
  const [properties, setProperties] = useState<Record<string, number>>(standard);
  const [preset, setPreset] = useState('neuron');
  const [count, setCount] = useState(1);
  const [organ, setOrgan] = useState<OrganDefinition>(organDefinitions[0]!);
  const [prototype, setPrototype] = useState('');
  const generators = library?.generators ?? [];
  const [chosen, setChosen] = useState<GeneratorInfo | undefined>(generators.find(entry => entry.name === generator) ?? generators[0]);
  const [values, setValues] = useState<GeneratorValues>(() => (chosen ? defaultValues(chosen) : {}));

  const wish =
    kind === 'neuron' ? preset : kind === 'organ' ? organ.type : kind === 'generator' ? (chosen?.name ?? 'pool') : prototype || 'circuit';
  const id = name ?? freeId(view, wish);
  const problem = checkId(view, id);
  const position: [number, number] = [Math.round(place.x), Math.round(place.y)];
  const close = () => session.showDialog(null);

  const create = async () => {
    close();
    if (kind === 'organ') return placeOrgan(session, organ, id, position);
    const before = new Set(view.nodes.map(node => node.id));
    const {list, value} = element(kind, {id, position, properties, count, prototype, generator: chosen?.name ?? '', values});
    const applied = await session.apply([{op: 'add', ...inCircuit(view), list, value}], {key: 'edit.add', values: {name: id}});
    if (applied) selectNew(session, before);
  };

  return (
    <Card
      title={t('node.newTitle')}
      at={place}
      width={340}
      action={t('action.create')}
      canSubmit={problem === undefined}
      onSubmit={() => void create()}
      onClose={close}
    >
      <Segmented<Kind>
        label={t('node.newTitle')}
        value={kind}
        options={(['neuron', 'circuit', 'organ', 'generator'] as const).map(value => ({value, label: t(`node.${value}`)}))}
        onChange={setKind}
      />
      <p className="help card-help">{t(`node.${kind}Help`)}</p>
      <NameField value={id} view={view} onChange={setName} />
      {kind === 'neuron' && (
        <>
          <div className="chips" role="radiogroup" aria-label={t('node.presets')} onKeyDown={moveChip}>
            {presets.map(({id: key, label, properties: differing}) => (
              // biome-ignore lint/a11y/useSemanticElements: drawn as chips
              <button
                key={key}
                type="button"
                role="radio"
                className="chip"
                aria-checked={preset === key}
                tabIndex={preset === key ? 0 : -1}
                onClick={() => {
                  setPreset(key);
                  setProperties({...standard, ...differing});
                }}
              >
                {t(label)}
              </button>
            ))}
          </div>
          <PropertyField spec={countProperty} value={count} onChange={setCount} />
          <PropertyFields
            specs={neuronProperties}
            values={{minThreshold: properties.threshold!, maxThreshold: properties.threshold!, ...properties}}
            onChange={(property, value) => setProperties({...properties, [property]: value})}
            more={t('action.moreProperties')}
          />
        </>
      )}
      {kind === 'circuit' && (
        <div className="field">
          <label htmlFor="prototype" className="wide">
            {t('inspector.prototype')}
          </label>
          <select id="prototype" className="select wide" value={prototype} onChange={event => setPrototype(event.target.value)}>
            <option value="">{t('node.emptyCircuit')}</option>
            {library?.prototypes.map(entry => (
              <option key={entry.name}>{entry.name}</option>
            ))}
          </select>
        </div>
      )}
      {kind === 'organ' && (
        <ul className="plain-list choices">
          {organDefinitions.map(definition => (
            <li key={definition.type}>
              <button type="button" className="explorer-entry" aria-pressed={definition === organ} onClick={() => setOrgan(definition)}>
                <Icon of={definition.icon} />
                <span>
                  <span className="entry-name">{t(definition.title)}</span>
                  <span className="hint">{t(definition.help)}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {kind === 'generator' && chosen && (
        <>
          <div className="field">
            <label htmlFor="generator" className="wide">
              {t('node.generator')}
            </label>
            <select
              id="generator"
              className="select wide"
              value={chosen.name}
              onChange={event => {
                const next = generators.find(entry => entry.name === event.target.value)!;
                setChosen(next);
                setValues(defaultValues(next));
              }}
            >
              {generators.map(entry => (
                <option key={entry.name} value={entry.name}>
                  {generatorTitle(entry.name)}
                </option>
              ))}
            </select>
            <span className="help">{generatorHelp(chosen.name, chosen.description)}</span>
          </div>
          <GeneratorPreview name={chosen.name} settings={values} />
          <GeneratorFields generator={chosen} values={values} onChange={setValues} />
        </>
      )}
    </Card>
  );
}

function isBound(name: string): boolean {
  return name === 'minThreshold' || name === 'maxThreshold';
}

interface Wanted {
  id: string;
  position: [number, number];
  properties: Record<string, number>;
  count: number;
  prototype: string;
  generator: string;
  values: GeneratorValues;
}

/** The element to add, as the text form writes it, and its list. */
function element(kind: 'neuron' | 'circuit' | 'generator', wanted: Wanted): {list: string; value: Json} {
  const {id, position} = wanted;
  if (kind === 'neuron') {
    const {minThreshold, maxThreshold, ...own} = wanted.properties;
    const threshold = own.threshold!;
    // They enclose the threshold, whatever was set first.
    const bounds: Record<string, number> = {
      ...(minThreshold !== undefined && minThreshold < threshold ? {minThreshold} : {}),
      ...(maxThreshold !== undefined && maxThreshold > threshold ? {maxThreshold} : {}),
    };
    const counted: Record<string, number> = wanted.count > 1 ? {count: wanted.count} : {};
    return {list: 'neurons', value: {id, ...counted, ...withoutDefaults(own, standard), ...bounds, position}};
  }
  if (kind === 'generator') return {list: 'circuits', value: {id, generator: wanted.generator, settings: wanted.values, position}};
  return {list: 'circuits', value: {id, ...(wanted.prototype ? {prototype: wanted.prototype} : {}), position}};
}

function NameField({value, view, onChange}: {value: string; view: CircuitView; onChange: (name: string) => void}) {
  const problem = checkId(view, value);
  return (
    <div className="field">
      <label htmlFor="new-name" className="wide">
        {t('inspector.id')}
      </label>
      <input
        id="new-name"
        data-first
        className="input wide"
        type="text"
        spellCheck={false}
        autoComplete="off"
        value={value}
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? 'new-name-problem' : undefined}
        onChange={event => onChange(event.target.value)}
      />
      {problem && (
        <span id="new-name-problem" className="field-error" role="alert">
          {t(problem, {name: value})}
        </span>
      )}
    </div>
  );
}

function moveChip(event: KeyboardEvent<HTMLDivElement>): void {
  const by = {ArrowRight: 1, ArrowLeft: -1}[event.key];
  if (!by) return;
  event.preventDefault();
  const chips = [...event.currentTarget.querySelectorAll('button')];
  const next = chips[(chips.indexOf(document.activeElement as HTMLButtonElement) + by + chips.length) % chips.length];
  next?.click();
  next?.focus();
}

import type {GeneratorInfo, GeneratorSetting, NodeView} from '@flux/engine';
import {useId, useMemo} from 'react';
import {useSession, useStudio} from '../../context';
import {GeneratorPreview} from '../../dialogs/GeneratorPreview';
import {engineText, t} from '../../i18n';
import {setNode, withoutDefaults} from '../../session/operations';
import {useTypedNumber} from '../../widgets/typedNumber';
import {generatorTitle} from '../Explorer';

export type GeneratorValues = Record<string, number | string>;

export function defaultValues(generator: GeneratorInfo): GeneratorValues {
  return Object.fromEntries(generator.settings.map(setting => [setting.name, setting.value]));
}

/** Settings of a generator as a form, made of what the engine says of them. */
export function GeneratorFields({
  generator,
  values,
  onChange,
}: {
  generator: GeneratorInfo;
  values: GeneratorValues;
  onChange: (values: GeneratorValues) => void;
}) {
  return (
    <>
      {generator.settings.map(setting => (
        <Field
          key={setting.name}
          setting={setting}
          value={values[setting.name] ?? setting.value}
          onChange={value => onChange({...values, [setting.name]: value})}
        />
      ))}
    </>
  );
}

function Field({
  setting,
  value,
  onChange,
}: {
  setting: GeneratorSetting;
  value: number | string;
  onChange: (value: number | string) => void;
}) {
  const id = useId();
  const low = setting.low ?? 0;
  const high = setting.high ?? 1_000_000;
  const {problem, input} = useTypedNumber(Number(value), {min: low, max: high}, onChange);
  if (setting.choices && setting.choices.length > 0) {
    return (
      <div className="field">
        <label htmlFor={id} className="wide">
          {engineText(setting.title || setting.name)}
        </label>
        <select id={id} className="select wide" value={String(value)} onChange={event => onChange(event.target.value)}>
          {setting.choices.map(choice => (
            <option key={choice} value={choice}>
              {engineText(choice)}
            </option>
          ))}
        </select>
        <span className="help">{engineText(setting.description)}</span>
      </div>
    );
  }
  return (
    <div className="field">
      <label htmlFor={id}>{engineText(setting.title || setting.name)}</label>
      <input {...input} id={id} />
      <span className={problem ? 'field-error' : 'help'}>{problem ?? engineText(setting.description)}</span>
    </div>
  );
}

/** The settings of a generator that stands on the canvas, with what they make: a change makes its circuit anew. */
export function GeneratorForm({node}: {node: NodeView}) {
  const session = useSession();
  const view = useStudio(state => state.view)!;
  const generator = useStudio(state => state.library?.generators.find(candidate => candidate.name === node.generator));
  const {settings} = node;
  const defaults = useMemo(() => (generator ? defaultValues(generator) : {}), [generator]);
  const values = useMemo(() => ({...defaults, ...(typeof settings === 'object' ? settings : {})}), [defaults, settings]);
  if (!generator) return null;
  const drawAgain = () => {
    const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
    void session.apply([setNode(view, node.id, {seed})], {key: 'edit.regenerate', values: {name: node.id}});
  };
  return (
    <section className="section">
      <h2>{generatorTitle(generator.name)}</h2>
      <GeneratorPreview name={generator.name} settings={values} seed={node.seed} />
      <button type="button" className="button outlined small" onClick={drawAgain}>
        {t('action.regenerate')}
      </button>
      <GeneratorFields
        generator={generator}
        values={values}
        onChange={next =>
          session.applyLatest([setNode(view, node.id, {settings: withoutDefaults(next, defaults)})], {
            key: 'edit.regenerate',
            values: {name: node.id},
            merge: `generator.${node.id}`,
          })
        }
      />
    </section>
  );
}

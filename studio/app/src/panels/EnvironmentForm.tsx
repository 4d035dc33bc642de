import {Trash2} from 'lucide-react';
import {type FormEvent, useState} from 'react';
import {useSession, useStudio} from '../context';
import {t} from '../i18n';
import {setRoot} from '../session/operations';
import {IconButton} from '../widgets/IconButton';
import {TextField} from '../widgets/TextField';

/** Variables of the root circuit: a setting of an organ that is written `$NAME` takes its value from here. */
export function EnvironmentForm() {
  const session = useSession();
  const environment = useStudio(state => state.info?.environment);
  const [name, setName] = useState('');
  if (!environment) return null;
  const set = (variable: string, value: string | number | null) =>
    session.apply([setRoot({environment: {[variable]: value}})], {key: 'edit.settings', values: {property: `$${variable}`}});
  const problem =
    name === ''
      ? undefined
      : !/^[A-Za-z_]\w{0,63}$/.test(name)
        ? 'environment.nameBad'
        : name in environment
          ? 'environment.nameTaken'
          : undefined;
  const add = async (event: FormEvent) => {
    event.preventDefault();
    if (name !== '' && !problem && (await set(name, ''))) setName('');
  };
  return (
    <section className="section" aria-label={t('environment.title')}>
      <h2>{t('environment.title')}</h2>
      <p className="help">{t('environment.help')}</p>
      {Object.entries(environment).map(([variable, value]) => (
        <div key={variable} className="row">
          <span className="grow">
            <TextField label={variable} value={String(value)} onCommit={text => void set(variable, readValue(text))} />
          </span>
          <IconButton icon={Trash2} size={14} label={t('environment.remove', {name: variable})} onPress={() => void set(variable, null)} />
        </div>
      ))}
      <form className="field" onSubmit={event => void add(event)} noValidate>
        <label htmlFor="new-variable" className="wide">
          {t('environment.new')}
        </label>
        <input
          id="new-variable"
          className="input wide"
          spellCheck={false}
          autoComplete="off"
          placeholder="SPEED"
          value={name}
          aria-invalid={problem ? true : undefined}
          onChange={event => setName(event.target.value)}
        />
        {problem && (
          <span className="field-error" role="alert">
            {t(problem)}
          </span>
        )}
      </form>
    </section>
  );
}

/** What is written as a number is one. */
function readValue(text: string): string | number {
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

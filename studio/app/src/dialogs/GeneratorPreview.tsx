import {useEffect, useRef, useState} from 'react';
import {useSession} from '../context';
import {engineText, t} from '../i18n';
import type {GeneratorValues} from '../panels/inspector/GeneratorForm';
import {Thumbnail} from '../widgets/Thumbnail';

/** What the generator would make with these settings, drawn a moment after the last change. */
export function GeneratorPreview({name, settings, seed}: {name: string; settings: GeneratorValues; seed?: string}) {
  const session = useSession();
  const [text, setText] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const request = useRef(0);
  useEffect(() => {
    const mine = ++request.current;
    const timer = setTimeout(() => {
      session.client
        .generate(name, settings, seed)
        .then(made => {
          if (mine !== request.current) return;
          setText(made);
          setProblem(null);
        })
        .catch(error => mine === request.current && setProblem(error instanceof Error ? error.message : String(error)));
    }, 150);
    return () => clearTimeout(timer);
  }, [session, name, settings, seed]);
  if (problem) return <p className="field-error">{engineText(problem)}</p>;
  return <div className="preview">{text && <Thumbnail source={{text}} label={t('node.preview')} width={308} height={130} />}</div>;
}

import type {EngineCatalogue} from './engine';

/** What the engine says in words of the files, in the words of the studio's forms. All else stands as it is. */
export const catalogue: EngineCatalogue = {
  '{} more of this kind: {}': '{} more of this kind: {}',
  'add some under "neurons"': 'click the empty canvas to add one',
  'nothing reaches this neuron: it has no synapse onto it, no inputAlias and no autoFiringRate':
    'nothing reaches this neuron: it has no synapse onto it, no input alias, and does not fire by itself',
  'connect it, or give it an inputAlias if it is stimulated from outside':
    'connect it, or give it an input alias if it is stimulated from outside',
  'minThreshold does nothing while potentiationRate is 0': 'the lowest threshold does nothing while potentiation is 0',
  'set potentiationRate above 0': 'set potentiation above 0',
  'maxThreshold does nothing while habituationRate is 0': 'the highest threshold does nothing while habituation is 0',
  'set habituationRate above 0': 'set habituation above 0',
  'habituationRate does nothing while maxThreshold equals threshold':
    'habituation does nothing while the highest threshold equals the threshold',
  'set maxThreshold above threshold': 'set the highest threshold above the threshold',
  'a modulator synapse onto a neuron with modulationLeak 0 does nothing':
    'a modulator synapse onto a neuron with a modulation leak of 0 does nothing',
  'give the target a modulationLeak above 0': 'give the target a modulation leak above 0',
  'modulator synapses onto neurons with modulationLeak 0 do nothing':
    'modulator synapses onto neurons with a modulation leak of 0 do nothing',
  'give the targets a modulationLeak above 0': 'give the targets a modulation leak above 0',
  'ltmRate and restorationRate do nothing while stmRate is 0': 'the LTM rate and restoration do nothing while the STM rate is 0',
  'set stmRate above 0': 'set the STM rate above 0',
  "ltmRate does nothing: the target's learning is not modulated, and only modulation makes memory long-term":
    "the LTM rate does nothing: the target's learning is not modulated, and only modulation makes memory long-term",
  'give the target a modulationLeak above 0 and let it modulate learning':
    'give the target a modulation leak above 0 and let it modulate learning',
  'ltmRate does nothing onto targets whose learning is not modulated':
    'the LTM rate does nothing onto targets whose learning is not modulated',
  'give the targets a modulationLeak above 0 and let them modulate learning':
    'give the targets a modulation leak above 0 and let them modulate learning',
  'a control character is not text': 'this is not a circuit file, or a damaged one: a control character is not text',
  'remove it, or write it as \\u00XX inside a string': 'choose another file; in a text, remove it, or write it as \\u00XX inside a string',
};

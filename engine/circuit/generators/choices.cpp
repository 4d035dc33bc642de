// Competition.
#include "makers.h"

namespace flux {
namespace {

constexpr GeneratorSetting FLUX_WINNER_SETTINGS[] = {
    {"choices", "choices", SettingType::integer, 2, 10'000, 4, "of which one wins"},
    {"inhibition", "inhibition of the others, levels", SettingType::integer, 80, 128, 100, "with each spike of the winner"},
    {"hold", "how the winner holds on, levels", SettingType::integer, 0, 40, 20, "what its spikes give back to itself"},
};

void make_winner(const SettingValues& values, Sketch& sketch) {
  const auto choices = values.as<std::uint32_t>("choices");
  const auto input = sketch.population("input", choices, 0, {}, {0, 0});
  const auto choice = sketch.population("choice", choices, 0, neuron_type(70, 8, 3), {0, 150});
  sketch.input(input, "input", "what speaks for each choice: the more spikes the better");
  sketch.output(choice, "winner", "the winner fires");
  sketch.fiber({input}, {choice}, FiberRule::one_to_one, 30, 1);
  sketch.fiber({choice}, {choice}, FiberRule::all_to_all, -values.as<std::int32_t>("inhibition"), 1);
  if (values["hold"] > 0) sketch.fiber({choice}, {choice}, FiberRule::one_to_one, values.as<std::int32_t>("hold"), 5).allow_self = true;
}

}  // namespace

const Maker FLUX_WINNER = {{"winner", "Winner-take-all",
                            "Each choice counts the spikes that speak for it and silences all others when it fires: the one with the most "
                            "input wins, the others are still.",
                            FLUX_WINNER_SETTINGS},
                           make_winner};

}  // namespace flux

#include "kernels.h"

#include <algorithm>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace flux::kernels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// The vectors of a block: at most 64 lanes of 16 bits.
using D16 = hn::CappedTag<std::int16_t, FLUX_BLOCK>;
using V16 = hn::Vec<D16>;
using D32 = hn::CappedTag<std::int32_t, FLUX_BLOCK>;
using V32 = hn::Vec<D32>;

struct TypeVectors {
  V16 threshold, leak, refractory_period;
};

HWY_INLINE TypeVectors broadcast_type(const SimpleType& type) {
  const D16 d;
  return {hn::Set(d, type.threshold), hn::Set(d, type.leak), hn::Set(d, type.refractory_period)};
}

HWY_INLINE TypeVectors load_types(const std::uint16_t* type_of, const SimpleType* types) {
  const D16 d;
  HWY_ALIGN std::int16_t threshold[FLUX_BLOCK], leak[FLUX_BLOCK], refractory_period[FLUX_BLOCK];
  for (std::size_t i = 0; i < hn::Lanes(d); ++i) {
    const SimpleType& type = types[type_of[i]];
    threshold[i] = type.threshold;
    leak[i] = type.leak;
    refractory_period[i] = type.refractory_period;
  }
  return {hn::Load(d, threshold), hn::Load(d, leak), hn::Load(d, refractory_period)};
}

std::uint64_t evaluate_simple_block(const SimpleBlock& block) {
  const D16 d;
  const hn::Rebind<std::uint8_t, D16> d8;
  const auto zero = hn::Zero(d);
  // 4080 ticks empty every level (leak is 1 or more per tick, or nothing ever changes) and more than outlast every refractory period;
  // the product saturates in 16 bits.
  const std::int32_t ticks = static_cast<std::int32_t>(block.dt < 4080 ? block.dt : 4080);
  const auto dt = hn::Set(d, static_cast<std::int16_t>(ticks));
  std::uint64_t fired = 0;
  TypeVectors type = broadcast_type(block.types[block.type_of[0]]);
  for (std::size_t i = 0; i < FLUX_BLOCK; i += hn::Lanes(d)) {
    if (!block.uniform) type = load_types(block.type_of + i, block.types);
    // leak * dt as an unsigned 16-bit product that saturates: where its high half is not zero, everything has leaked away.
    const auto product = hn::Mul(type.leak, dt);
    const auto high = hn::MulHigh(type.leak, dt);
    const auto large = hn::Or(hn::VecFromMask(d, hn::Ne(high, zero)), hn::VecFromMask(d, hn::Lt(product, zero)));
    const auto leaked = hn::IfThenElse(hn::MaskFromVec(large), hn::Set(d, 32767), product);
    const auto old_level = hn::LoadU(d, block.level + i);
    const auto magnitude = hn::Max(zero, hn::Sub(hn::Abs(old_level), leaked));
    const auto level = hn::IfThenElse(hn::Lt(old_level, zero), hn::Neg(magnitude), magnitude);

    const auto old_refractory = hn::PromoteTo(d, hn::LoadU(d8, block.refractory_left + i));
    const auto blocked = hn::Not(hn::Lt(old_refractory, dt));
    const auto refractory = hn::Max(zero, hn::Sub(old_refractory, dt));

    const auto direct = hn::LoadU(d, block.direct + i);
    const auto reached = hn::AndNot(blocked, hn::Ne(direct, zero));
    const auto potential = hn::Max(hn::SaturatedAdd(level, hn::ShiftLeft<4>(direct)), hn::Set(d, -4080));
    const auto fires = hn::And(hn::AndNot(blocked, hn::Lt(zero, direct)), hn::Not(hn::Lt(potential, type.threshold)));
    const auto kept = hn::IfThenElse(reached, hn::Min(potential, hn::Set(d, 4080)), level);
    hn::StoreU(hn::IfThenZeroElse(fires, kept), d, block.level + i);
    hn::StoreU(hn::DemoteTo(d8, hn::IfThenElse(fires, type.refractory_period, refractory)), d8, block.refractory_left + i);
    std::uint8_t bits[8] = {};
    hn::StoreMaskBits(d, fires, bits);
    std::uint64_t word = 0;
    std::memcpy(&word, bits, sizeof word);
    fired |= word << i;
  }
  return fired;
}

bool gather_direct_16(std::int16_t* const* rows, std::uint32_t count, std::uint64_t offset, std::int16_t* direct) {
  const D16 d;
  auto any = hn::Zero(d);
  for (std::size_t i = 0; i < FLUX_BLOCK; i += hn::Lanes(d)) {
    auto sum = hn::LoadU(d, rows[0] + offset + i);
    any = hn::Or(any, sum);
    for (std::uint32_t k = 1; k < count; ++k) {
      const auto part = hn::LoadU(d, rows[k] + offset + i);
      any = hn::Or(any, part);
      sum = hn::Add(sum, part);  // wraps on the way, never at the end: the total fits 16 bits
    }
    hn::StoreU(hn::Min(hn::Max(sum, hn::Set(d, -2047)), hn::Set(d, 2047)), d, direct + i);
  }
  if (hn::AllTrue(d, hn::Eq(any, hn::Zero(d)))) return false;
  for (std::uint32_t k = 0; k < count; ++k) std::memset(rows[k] + offset, 0, FLUX_BLOCK * sizeof(std::int16_t));
  return true;
}

bool gather_direct_32(std::int32_t* const* rows, std::uint32_t count, std::uint64_t offset, std::int16_t* direct) {
  const D32 d;
  const hn::Rebind<std::int16_t, D32> d_half;
  auto any = hn::Zero(d);
  for (std::size_t i = 0; i < FLUX_BLOCK; i += hn::Lanes(d)) {
    auto sum = hn::LoadU(d, rows[0] + offset + i);
    any = hn::Or(any, sum);
    for (std::uint32_t k = 1; k < count; ++k) {
      const auto part = hn::LoadU(d, rows[k] + offset + i);
      any = hn::Or(any, part);
      sum = hn::Add(sum, part);
    }
    hn::StoreU(hn::DemoteTo(d_half, hn::Min(hn::Max(sum, hn::Set(d, -2047)), hn::Set(d, 2047))), d_half, direct + i);
  }
  if (hn::AllTrue(d, hn::Eq(any, hn::Zero(d)))) return false;
  for (std::uint32_t k = 0; k < count; ++k) std::memset(rows[k] + offset, 0, FLUX_BLOCK * sizeof(std::int32_t));
  return true;
}

// Short-term parts (low halves of the learned words) after fading.
HWY_INLINE V32 faded_short_term(V32 learned, V32 faded) {
  const D32 d;
  const auto short_term = hn::ShiftRight<16>(hn::ShiftLeft<16>(learned));
  const auto magnitude = hn::Max(hn::Zero(d), hn::Sub(hn::Abs(short_term), faded));
  return hn::IfThenElse(hn::Lt(short_term, hn::Zero(d)), hn::Neg(magnitude), magnitude);
}

void effective_weights(const Word* synapses, const Word* learned, std::uint32_t count, std::int32_t faded, std::int32_t* weights) {
  const D32 d;
  const auto* synapse_words = reinterpret_cast<const std::int32_t*>(synapses);
  const auto* learned_words = reinterpret_cast<const std::int32_t*>(learned);
  const auto fade = hn::Set(d, faded);
  const auto zero = hn::Zero(d);
  const auto step = [&](V32 synapse, V32 word) {
    const auto base = hn::ShiftRight<24>(synapse);
    const auto change = hn::ShiftRight<8>(hn::Add(faded_short_term(word, fade), hn::ShiftRight<16>(word)));
    const auto negative = hn::Lt(base, zero);
    const auto limit = hn::IfThenElse(negative, hn::Set(d, 128), hn::Set(d, 127));
    const auto magnitude = hn::Min(hn::Max(hn::Add(hn::Abs(base), change), zero), limit);
    return hn::IfThenElse(negative, hn::Neg(magnitude), magnitude);
  };
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) hn::StoreU(step(hn::LoadU(d, synapse_words + i), hn::LoadU(d, learned_words + i)), d, weights + i);
  if (i == count) return;
  HWY_ALIGN std::int32_t tail_synapses[FLUX_BLOCK] = {}, tail_learned[FLUX_BLOCK] = {}, tail_weights[FLUX_BLOCK];
  std::memcpy(tail_synapses, synapse_words + i, (count - i) * sizeof(Word));
  std::memcpy(tail_learned, learned_words + i, (count - i) * sizeof(Word));
  hn::Store(step(hn::Load(d, tail_synapses), hn::Load(d, tail_learned)), d, tail_weights);
  std::memcpy(weights + i, tail_weights, (count - i) * sizeof(Word));
}

void close_pairings(const Word* synapses, Word* learned, std::uint32_t count, Word target_mask, std::int32_t faded, std::int32_t stm_rate,
                    const std::int32_t* pair_gate) {
  const D32 d;
  const auto* synapse_words = reinterpret_cast<const std::int32_t*>(synapses);
  auto* learned_words = reinterpret_cast<std::int32_t*>(learned);
  const auto fade = hn::Set(d, faded);
  const auto mask = hn::Set(d, static_cast<std::int32_t>(target_mask));
  const auto rate = hn::Set(d, stm_rate);
  const auto limit = hn::Set(d, 32512);
  const auto step = [&](V32 synapse, V32 word) {
    const auto both = hn::GatherIndex(d, pair_gate, hn::And(synapse, mask));
    const auto pairing = hn::ShiftRight<16>(hn::ShiftLeft<16>(both));
    const auto gate = hn::ShiftRight<16>(both);
    auto change = hn::Mul(pairing, rate);
    change = hn::Add(change, hn::ShiftRight<15>(hn::Mul(change, gate)));
    const auto short_term = hn::Min(hn::Max(hn::Add(faded_short_term(word, fade), change), hn::Neg(limit)), limit);
    return hn::Or(hn::AndNot(hn::Set(d, 0xffff), word), hn::And(short_term, hn::Set(d, 0xffff)));
  };
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    hn::StoreU(step(hn::LoadU(d, synapse_words + i), hn::LoadU(d, learned_words + i)), d, learned_words + i);
  }
  if (i == count) return;
  HWY_ALIGN std::int32_t tail_synapses[FLUX_BLOCK], tail_learned[FLUX_BLOCK] = {};
  std::fill(tail_synapses, tail_synapses + FLUX_BLOCK, synapse_words[i]);  // lanes without a synapse look at a target there is
  std::memcpy(tail_synapses, synapse_words + i, (count - i) * sizeof(Word));
  std::memcpy(tail_learned, learned_words + i, (count - i) * sizeof(Word));
  hn::Store(step(hn::Load(d, tail_synapses), hn::Load(d, tail_learned)), d, tail_learned);
  std::memcpy(learned_words + i, tail_learned, (count - i) * sizeof(Word));
}

const char* target_name() { return hwy::TargetName(HWY_TARGET); }

}  // namespace flux::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace flux::kernels {

HWY_EXPORT(evaluate_simple_block);
HWY_EXPORT(gather_direct_16);
HWY_EXPORT(gather_direct_32);
HWY_EXPORT(effective_weights);
HWY_EXPORT(close_pairings);
HWY_EXPORT(target_name);

std::uint64_t evaluate_simple_block(const SimpleBlock& block) { return HWY_DYNAMIC_DISPATCH(evaluate_simple_block)(block); }
bool gather_direct_16(std::int16_t* const* rows, std::uint32_t count, std::uint64_t offset, std::int16_t* direct) {
  return HWY_DYNAMIC_DISPATCH(gather_direct_16)(rows, count, offset, direct);
}
bool gather_direct_32(std::int32_t* const* rows, std::uint32_t count, std::uint64_t offset, std::int16_t* direct) {
  return HWY_DYNAMIC_DISPATCH(gather_direct_32)(rows, count, offset, direct);
}
void effective_weights(const Word* synapses, const Word* learned, std::uint32_t count, std::int32_t faded, std::int32_t* weights) {
  HWY_DYNAMIC_DISPATCH(effective_weights)(synapses, learned, count, faded, weights);
}
void close_pairings(const Word* synapses, Word* learned, std::uint32_t count, Word target_mask, std::int32_t faded, std::int32_t stm_rate,
                    const std::int32_t* pair_gate) {
  HWY_DYNAMIC_DISPATCH(close_pairings)(synapses, learned, count, target_mask, faded, stm_rate, pair_gate);
}
const char* target_name() { return HWY_DYNAMIC_DISPATCH(target_name)(); }

}  // namespace flux::kernels
#endif  // HWY_ONCE

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The functions of libm that Swift's library has a use for, and this program has not: the loader would map
 * libm and look up 140 names at each start. Each of these loads libm when it is called. They are weak and
 * hidden, as those of start.c are; should a later runtime take one that is not here, libm is linked as
 * ever.
 */
#include <dlfcn.h>
#include <stdlib.h>

#define ANSWER __attribute__((weak, visibility("hidden")))

/* How large a set or a dictionary gets is reckoned by this one, so it is here. */
ANSWER double ceil(double x)
{
  const double all_are_whole = 1LL << 52;
  if (!(__builtin_fabs(x) < all_are_whole))
    return x;
  double whole = (double)(long long)x;
  return __builtin_copysign(whole < x ? whole + 1 : whole, x);
}

static void *function(const char *name)
{
  void *libm = dlopen("libm.so.6", RTLD_LAZY);
  void *found = libm ? dlsym(libm, name) : NULL;
  if (!found)
    abort();
  return found;
}

#define DEFINE(result, name, parameters, arguments) \
  ANSWER result name parameters { return ((result (*) parameters)function(#name)) arguments; }

#define OF_ONE(type, name) DEFINE(type, name, (type x), (x))
#define OF_TWO(type, name) DEFINE(type, name, (type x, type y), (x, y))

/* For each of C's types. */
#define ALL_OF_ONE(name) OF_ONE(float, name##f) OF_ONE(double, name) OF_ONE(long double, name##l)
#define ALL_OF_TWO(name) OF_TWO(float, name##f) OF_TWO(double, name) OF_TWO(long double, name##l)

ALL_OF_ONE(acos) ALL_OF_ONE(acosh) ALL_OF_ONE(asin) ALL_OF_ONE(asinh) ALL_OF_ONE(atan)
ALL_OF_ONE(atanh) ALL_OF_ONE(cbrt) ALL_OF_ONE(cos) ALL_OF_ONE(cosh) ALL_OF_ONE(erf)
ALL_OF_ONE(erfc) ALL_OF_ONE(exp) ALL_OF_ONE(exp2) ALL_OF_ONE(expm1) ALL_OF_ONE(floor)
ALL_OF_ONE(log) ALL_OF_ONE(log10) ALL_OF_ONE(log1p) ALL_OF_ONE(log2) ALL_OF_ONE(logb)
ALL_OF_ONE(nearbyint) ALL_OF_ONE(rint) ALL_OF_ONE(round) ALL_OF_ONE(sin) ALL_OF_ONE(sinh)
ALL_OF_ONE(sqrt) ALL_OF_ONE(tan) ALL_OF_ONE(tanh) ALL_OF_ONE(tgamma) ALL_OF_ONE(trunc)
OF_ONE(float, ceilf) OF_ONE(long double, ceill)

ALL_OF_TWO(atan2) ALL_OF_TWO(fdim) ALL_OF_TWO(fmax) ALL_OF_TWO(fmin) ALL_OF_TWO(fmod)
ALL_OF_TWO(hypot) ALL_OF_TWO(nextafter) ALL_OF_TWO(pow) ALL_OF_TWO(remainder)

#define FMA(type, name) DEFINE(type, name, (type x, type y, type z), (x, y, z))
FMA(float, fmaf) FMA(double, fma) FMA(long double, fmal)

#define REMQUO(type, name) DEFINE(type, name, (type x, type y, int *quotient), (x, y, quotient))
REMQUO(float, remquof) REMQUO(double, remquo) REMQUO(long double, remquol)

#define LGAMMA(type, name) DEFINE(type, name, (type x, int *sign), (x, sign))
LGAMMA(float, lgammaf_r) LGAMMA(double, lgamma_r) LGAMMA(long double, lgammal_r)

#define NAN_OF(type, name) DEFINE(type, name, (const char *text), (text))
NAN_OF(float, nanf) NAN_OF(double, nan) NAN_OF(long double, nanl)

DEFINE(double, jn, (int order, double x), (order, x))
DEFINE(double, yn, (int order, double x), (order, x))

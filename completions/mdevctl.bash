# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Completion in bash, for the command that the file is called after: the program answers.

_mdevctl() {
  local IFS=$'\n' rest=${COMP_LINE:0:COMP_POINT} word cursor=-1 i answer line current cut
  local -a words=() answers=()
  # Bash takes words apart at colons and equals signs, which addresses and options have.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if ((i == COMP_CWORD)); then
      # What is behind the cursor is not asked for.
      [[ $rest =~ ^[[:space:]]*(.*)$ ]] && word=${BASH_REMATCH[1]}
    fi
    if ((cursor >= 0)) && [[ $rest != [[:space:]]* && -n $rest ]] &&
      [[ $word == [:=]* || ${COMP_WORDS[i - 1]} == *[:=] ]]; then
      words[cursor]+=$word
    else
      words[++cursor]=$word
    fi
    rest=${rest#"${rest%%[![:space:]]*}"}
    rest=${rest#"$word"}
  done
  current=${words[cursor]}
  # Those who may only look do not have the directories of administrators in their PATH.
  mapfile -t answers < <(
    PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin "$1" complete "$cursor" "${words[@]}" \
      "${COMP_WORDS[@]:COMP_CWORD + 1}" 2>/dev/null
  )
  # Readline has only what stands behind the last of these signs in its hands.
  cut=
  [[ $current == *[:=]* ]] && cut=${current%"${current##*[:=]}"}
  COMPREPLY=()
  for line in "${answers[@]}"; do
    answer=${line#*$'\t'}
    case $line in
    :file*)
      compopt -o filenames
      mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "${current#"$answer"}")
      ;;
    :directory*)
      compopt -o filenames
      mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -d -- "${current#"$answer"}")
      ;;
    :user*) mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -u -- "${current#"$answer"}") ;;
    :command*)
      if declare -F _command_offset >/dev/null; then
        _mdevctl_offset "${line#* }" "${words[@]}"
        return
      fi
      mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -c -- "$current")
      ;;
    *)
      [[ $line == */ ]] && compopt -o nospace
      # A comma is quoted for the sake of braces, which are quoted themselves.
      printf -v line %q "${line#"$cut"}"
      COMPREPLY+=("${line//\\,/,}")
      ;;
    esac
  done
}

# _mdevctl_offset N WORD...: completes the command line that begins with the word at N, which is put
# together here and may be in several pieces for bash.
_mdevctl_offset() {
  local first=${*:$(($1 + 2)):1} i
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ ${COMP_WORDS[i]} == "$first" ]] && break
  done
  _command_offset "$i"
}

# The name of the file, since driverctl may be another program that has its own.
_mdevctl_register() {
  local name=${BASH_SOURCE[1]##*/}
  complete -F _mdevctl "${name%.bash}"
}
_mdevctl_register
unset -f _mdevctl_register

# SPDX-License-Identifier: Apache-2.0
# Completion in fish, for the command that the file is called after: the program answers.

function __mdevctl_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l PATH $PATH /usr/local/sbin /usr/sbin /sbin
    for line in ($words[1] complete --describe (count $words) $words "$current" 2>/dev/null)
        set -l parts (string split -m 1 \t -- $line)
        switch $line
            case ':file*'
                set -l value (string sub -s (math 1 + (string length -- "$parts[2]")) -- "$current")
                printf "$parts[2]%s\n" (__fish_complete_path "$value")
            case ':directory*'
                set -l value (string sub -s (math 1 + (string length -- "$parts[2]")) -- "$current")
                printf "$parts[2]%s\n" (__fish_complete_directories "$value")
            case ':user*'
                set -l value (string sub -s (math 1 + (string length -- "$parts[2]")) -- "$current")
                printf "$parts[2]%s\n" (__fish_complete_users)
            case ':command*'
                set -l first (math 1 + (string split ' ' -- $line)[2])
                complete -C (string join ' ' -- (string escape -- $words[$first..]) "$current")
            case '*'
                printf '%s\n' $line
        end
    end
end

complete -c (string replace -r '.*/([^/]*)\.fish$' '$1' -- (status filename)) -f -a '(__mdevctl_complete)'

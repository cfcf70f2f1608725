#!/bin/sh
# Starts exp with the Node that lies beside it, wherever its folder was put; also through links to this file. It needs no
# other command (but `readlink` for a link), changes no variable and hands on every argument as it is.
self=$0
case $self in
  */*) ;;
  *) self=./$self ;;
esac
while [ -h "$self" ]; do
  link=$(PATH=/usr/bin:/bin:$PATH && readlink "$self") || exit 4
  case $link in
    /*) self=$link ;;
    *) self=${self%/*}/$link ;;
  esac
done
root=$(CDPATH= cd -P "${self%/*}/.." && pwd -P) || exit 4
exec "$root/node/bin/node" "$root/packages/runner/bin/exp.js" "$@"

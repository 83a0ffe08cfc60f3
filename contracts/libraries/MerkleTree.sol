// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Merkle tree proofs of RFC 9162, with SHA-256
library MerkleTree {
    /// @notice The hash of an entry's leaf (§2.1.1).
    function leafHash(bytes32 entry) internal pure returns (bytes32) {
        return sha256(abi.encodePacked(bytes1(0x00), entry));
    }

    /// @notice True if a leaf stands at a place of a tree (§2.1.3.2).
    /// @param index Place of the leaf, from 0.
    /// @param size Leaves of the tree.
    /// @param root Root of the tree.
    function includes(
        bytes32 leaf,
        uint64 index,
        uint64 size,
        bytes32 root,
        bytes32[] calldata path
    ) internal pure returns (bool) {
        if (index >= size) return false;
        uint64 fn = index;
        uint64 sn = size - 1;
        bytes32 r = leaf;
        for (uint256 i; i < path.length; ++i) {
            if (sn == 0) return false;
            if (fn & 1 == 1 || fn == sn) {
                r = _node(path[i], r);
                while (fn & 1 == 0 && fn != 0) (fn, sn) = (fn >> 1, sn >> 1);
            } else {
                r = _node(r, path[i]);
            }
            (fn, sn) = (fn >> 1, sn >> 1);
        }
        return sn == 0 && r == root;
    }

    /// @notice True if a tree begins with another, smaller one (§2.1.4.2).
    /// @param first Leaves of the smaller tree, over 0.
    /// @param firstRoot Root of the smaller tree.
    /// @param second Leaves of the larger tree, over `first`.
    /// @param secondRoot Root of the larger tree.
    function extends(
        uint64 first,
        bytes32 firstRoot,
        uint64 second,
        bytes32 secondRoot,
        bytes32[] calldata path
    ) internal pure returns (bool) {
        if (first == 0 || first >= second || path.length == 0) return false;
        uint64 fn = first - 1;
        uint64 sn = second - 1;
        // A smaller tree that is whole stands in the larger one as it is, so its proof leaves its root out.
        uint256 next = first & fn == 0 ? 0 : 1;
        bytes32 fr = next == 0 ? firstRoot : path[0];
        bytes32 sr = fr;
        while (fn & 1 == 1) (fn, sn) = (fn >> 1, sn >> 1);
        for (; next < path.length; ++next) {
            if (sn == 0) return false;
            bytes32 c = path[next];
            if (fn & 1 == 1 || fn == sn) {
                fr = _node(c, fr);
                sr = _node(c, sr);
                while (fn & 1 == 0 && fn != 0) (fn, sn) = (fn >> 1, sn >> 1);
            } else {
                sr = _node(sr, c);
            }
            (fn, sn) = (fn >> 1, sn >> 1);
        }
        return sn == 0 && fr == firstRoot && sr == secondRoot;
    }

    function _node(bytes32 left, bytes32 right) private pure returns (bytes32) {
        return sha256(abi.encodePacked(bytes1(0x01), left, right));
    }
}

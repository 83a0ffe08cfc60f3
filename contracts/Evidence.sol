// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Network} from "./Network.sol";
import {Checkpoint, RequestTypes} from "./RequestTypes.sol";
import {IEvidence} from "./interfaces/IEvidence.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {MerkleTree} from "./libraries/MerkleTree.sol";
import {Registry} from "./Registry.sol";

// Model: of each log the newest checkpoint, and nothing else; the earlier ones are in the events.
//
//   latest[log]   two words: size 8 bytes, root 32 bytes; zero before the first checkpoint
//
// A root fills a word, so nothing can share it; the size has the width that the signed statement has. The size only
// grows, and each root is proved to extend the one before: both words change in the same call or neither does.

/// @title The newest checkpoints of the logs
contract Evidence is IEvidence, Network {
    using RequestTypes for Checkpoint;

    struct Tree {
        uint64 size;
        bytes32 root;
    }

    /// @notice The network's registry of parties.
    IRegistry public immutable registry;

    /// @inheritdoc IEvidence
    mapping(bytes32 log => Tree) public latest;

    /// @param registry_ The network's Registry.
    constructor(Registry registry_) Network(registry_.networkId()) {
        registry = registry_;
    }

    /// @inheritdoc IEvidence
    function checkpoint(
        Checkpoint[] calldata checkpoints,
        bytes32[][] calldata proofs,
        bytes[][] calldata signatures
    ) external {
        if (checkpoints.length != proofs.length || proofs.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < checkpoints.length; ++i) {
            _report(i, _checkpoint(checkpoints[i], proofs[i], signatures[i]));
        }
    }

    function _checkpoint(
        Checkpoint calldata statement,
        bytes32[] calldata proof,
        bytes[] calldata signatures
    ) private returns (bytes4) {
        Tree storage held = latest[statement.log];
        uint64 size = held.size;
        if (statement.size <= size) return SizeNotLarger.selector;
        if (size != 0 && !MerkleTree.extends(size, held.root, statement.size, statement.root, proof))
            return ProofInvalid.selector;
        bytes4 refusal = registry.coordinatorsRefusal(_digest(statement.hash()), signatures);
        if (refusal != 0) return refusal;

        (held.size, held.root) = (statement.size, statement.root);
        emit Checkpointed(statement.log, statement.size, statement.root);
        return 0;
    }

    /// @inheritdoc IEvidence
    function verifyInclusion(
        bytes32 log,
        bytes32 entry,
        uint64 index,
        uint64 size,
        bytes32[] calldata proof
    ) external view returns (bool) {
        Tree storage held = latest[log];
        return
            size == held.size &&
            MerkleTree.includes(MerkleTree.leafHash(entry), index, size, held.root, proof);
    }
}

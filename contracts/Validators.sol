// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Network} from "./Network.sol";
import {Registry} from "./Registry.sol";
import {KeyReplacement, RequestTypes, StakeChange} from "./RequestTypes.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {IValidators} from "./interfaces/IValidators.sol";
import {Seat} from "./libraries/Offices.sol";

// Model: a list that only grows, which the ledger's engine carries out one by one, and what it comes to for each key.
//
//   _stakes[key]    three words: organisation, key, amount; zero for a key that never had stake
//   _changes        the list: the same three words each. The engine reads this slot; `engine/rules` names it
//   _pending[key]   the hash of the change that was signed; change 8 | readyAt 5 | takes 1 bytes
//   _active         number of organisations with stake
//   replacedBy[key] the key that was put in its place; a key that has one never gets stake again
//   _replacedAt     when each key was replaced, in order: at most f of them are younger than the delay
//   _held[org.]     the key that got stake last, and the number of keys with stake
//
// Of an organisation's keys with stake all but the one in `_held` have a change under way that takes it, and get no other
// one. Otherwise one who has a change of a key and a replacement of it, both signed, could have the half of the change that gives stake carried
// out beside the replacement, and have twice the stake.
//
// The engine reads storage, not events, so that what it does follows from the state alone.

/// @title The stake of the organisations' validators
contract Validators is IValidators, Network {
    using RequestTypes for KeyReplacement;
    using RequestTypes for StakeChange;

    struct Pending {
        bytes32 structHash;
        uint64 change;
        uint40 readyAt;
        bool takes;
    }

    struct Held {
        bytes32 key;
        uint256 keys;
    }

    /// @notice The most stake that one validator can have.
    uint64 public constant MOST = 1_000_000_000;
    /// @notice The most seconds from the block that replaces a key to the deadline.
    uint64 public constant LONGEST_REPLACEMENT = 1 days;
    /// @notice Number of the role `administrator`, whose account sends transactions for its organisation.
    uint8 public constant ADMINISTRATOR = 11;

    /// @notice The network's registry of parties.
    IRegistry public immutable registry;

    mapping(bytes32 key => Stake) private _stakes;
    Stake[] private _changes;
    mapping(bytes32 key => Pending) private _pending;
    uint256 private _active;
    /// @inheritdoc IValidators
    mapping(bytes32 key => bytes32) public replacedBy;
    uint40[] private _replacedAt;
    mapping(bytes32 organisation => Held) private _held;

    /// @param registry_ The network's Registry.
    /// @param founders What the validators begin with; the engine has it from the ledger's first state.
    constructor(Registry registry_, Stake[] memory founders) Network(registry_.networkId()) {
        registry = registry_;
        for (uint256 i; i < founders.length; ++i) {
            Stake memory stake = founders[i];
            if (stake.amount == 0 || !_isSound(stake.organisation, stake.key, stake.amount))
                revert StakeInvalid();
            if (_stakes[stake.key].key != 0 || _held[stake.organisation].key != 0) revert StakeInvalid();
            _move(stake);
        }
    }

    /// @inheritdoc IValidators
    function changeStakes(StakeChange[] calldata requests, bytes[][] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _begin(requests[i], signatures[i]));
    }

    /// @inheritdoc IValidators
    function finishStakeChanges(StakeChange[] calldata requests) external {
        for (uint256 i; i < requests.length; ++i) _report(i, _finish(requests[i]));
    }

    /// @inheritdoc IValidators
    function replaceKeys(KeyReplacement[] calldata requests, bytes[][] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _replace(requests[i], signatures[i]));
    }

    /// @inheritdoc IValidators
    function returnToWork(bytes32[] calldata keys) external {
        for (uint256 i; i < keys.length; ++i) _report(i, _return(keys[i]));
    }

    function _begin(StakeChange calldata request, bytes[] calldata signatures) private returns (bytes4) {
        Pending storage pending = _pending[request.key];
        if (request.deadline < block.timestamp) return DeadlinePassed.selector;
        if (!_isSound(request.organisation, request.key, request.amount)) return StakeInvalid.selector;
        bytes4 refusal = _presentRefusal(request);
        if (refusal != 0) return refusal;
        if (request.change != uint256(pending.change) + 1) return ChangeUnexpected.selector;
        bytes32 structHash = request.hash();
        refusal = registry.coordinatorsRefusal(_digest(structHash), signatures);
        if (refusal != 0) return refusal;

        uint40 readyAt = uint40(block.timestamp + registry.delay());
        _pending[request.key] = Pending(structHash, request.change, readyAt, request.amount == 0);
        emit StakeChangeBegun(request.organisation, request.key, request.amount, request.change, readyAt);
        return 0;
    }

    function _finish(StakeChange calldata request) private returns (bytes4) {
        Pending storage pending = _pending[request.key];
        bytes4 refusal = _presentRefusal(request);
        if (refusal == KeyWasReplaced.selector) return refusal;
        if (pending.readyAt == 0 || pending.structHash != request.hash()) return ChangeUnknown.selector;
        if (block.timestamp < pending.readyAt) return ChangeEarly.selector;
        if (refusal != 0) return refusal;
        bool leaves = request.amount == 0 && _stakes[request.key].amount != 0;
        if (leaves && _active == 1 && _held[request.organisation].keys == 1) return ValidatorLast.selector;

        pending.readyAt = 0;
        _move(Stake(request.organisation, request.key, request.amount));
        return 0;
    }

    function _replace(KeyReplacement calldata request, bytes[] calldata signatures) private returns (bytes4) {
        Stake memory held = _stakes[request.former];
        if (request.deadline < block.timestamp) return DeadlinePassed.selector;
        if (request.deadline > block.timestamp + LONGEST_REPLACEMENT) return DeadlineFar.selector;
        if (held.amount == 0 || held.organisation != request.organisation) return StakeInvalid.selector;
        // A key that is to get stake by a change that was begun could be another organisation's then.
        bool isNew = _stakes[request.key].key == 0 && _pending[request.key].readyAt == 0;
        if (request.key == 0 || !isNew) return StakeInvalid.selector;
        // The others signed it: a replacement that was kept back must not void it.
        if (_pending[request.former].readyAt != 0) return ChangePending.selector;
        bytes4 refusal = _replacementRefusal(request, signatures);
        if (refusal != 0) return refusal;
        if (_isSpent()) return ReplacementsSpent.selector;

        replacedBy[request.former] = request.key;
        _replacedAt.push(uint40(block.timestamp));
        _move(Stake(request.organisation, request.key, held.amount));
        _move(Stake(request.organisation, request.former, 0));
        emit KeyReplaced(request.organisation, request.former, request.key);
        return 0;
    }

    /// A change is of a present key, and gives stake only to the one key of its organisation that is to keep any.
    function _presentRefusal(StakeChange calldata request) private view returns (bytes4) {
        if (replacedBy[request.key] != 0) return KeyWasReplaced.selector;
        bytes32 held = _held[request.organisation].key;
        if (request.amount == 0 || held == request.key) return 0;
        if (_stakes[request.key].amount != 0) return StakeBeside.selector;
        if (_stakes[held].amount == 0) return 0;
        Pending storage pending = _pending[held];
        return pending.readyAt != 0 && pending.takes ? bytes4(0) : StakeBeside.selector;
    }

    /// Tells whether as many keys as organisations may be faulty were replaced within the delay.
    function _isSpent() private view returns (bool) {
        uint256 most = (_active - 1) / 3;
        uint256 replaced = _replacedAt.length;
        if (replaced < most) return false;
        return most == 0 || _replacedAt[replaced - most] + registry.delay() > block.timestamp;
    }

    /// Its own organisation has to sign, and the quorum's number of others, or all of them.
    function _replacementRefusal(
        KeyReplacement calldata request,
        bytes[] calldata signatures
    ) private view returns (bytes4) {
        bytes32 digest = _digest(request.hash());
        bytes4 refusal = registry.coordinatorsRefusal(digest, signatures);
        if (refusal != 0) return refusal;
        (Seat[] memory seats, uint8 threshold) = registry.coordinators();
        bytes32[] memory signed = new bytes32[](signatures.length);
        for (uint256 i; i < signatures.length; ++i) {
            (address signer, , ) = ECDSA.tryRecoverCalldata(digest, signatures[i]);
            for (uint256 j; j < seats.length; ++j) {
                if (seats[j].holder == signer) signed[i] = seats[j].organisation;
            }
        }
        bytes32[] memory all = new bytes32[](seats.length);
        for (uint256 i; i < seats.length; ++i) all[i] = seats[i].organisation;
        (bool isOwn, uint256 others) = _count(signed, request.organisation);
        (, uint256 most) = _count(all, request.organisation);
        if (!isOwn) return OwnerMissing.selector;
        return others < threshold && others < most ? QuorumMissing.selector : bytes4(0);
    }

    /// Tells whether an organisation is among some, and how many others are, each counted once.
    function _count(bytes32[] memory some, bytes32 own) private pure returns (bool isThere, uint256 others) {
        for (uint256 i; i < some.length; ++i) {
            if (some[i] == own) {
                isThere = true;
                continue;
            }
            bool isKnown;
            for (uint256 j; j < i && !isKnown; ++j) isKnown = some[j] == some[i];
            if (!isKnown) ++others;
        }
    }

    function _return(bytes32 key) private returns (bytes4) {
        IRegistry.Party memory sender = registry.party(msg.sender);
        Stake memory stake = _stakes[key];
        if (sender.role != ADMINISTRATOR || sender.suspended || sender.signer != msg.sender)
            return ValidatorForeign.selector;
        if (stake.amount == 0 || stake.organisation != sender.organisation) return ValidatorForeign.selector;
        _carryOut(stake);
        return 0;
    }

    /// Tells whether a stake could be a validator's, and the key is no other organisation's.
    function _isSound(bytes32 organisation, bytes32 key, uint64 amount) private view returns (bool) {
        bytes32 owner = _stakes[key].organisation;
        return key != 0 && organisation != 0 && amount <= MOST && (owner == 0 || owner == organisation);
    }

    function _move(Stake memory stake) private {
        if (stake.amount != 0) _held[stake.organisation].key = stake.key;
        _carryOut(stake);
    }

    function _carryOut(Stake memory stake) private {
        Held storage held = _held[stake.organisation];
        bool had = _stakes[stake.key].amount != 0;
        bool has = stake.amount != 0;
        if (has && !had && held.keys++ == 0) ++_active;
        if (had && !has && --held.keys == 0) --_active;
        _stakes[stake.key] = stake;
        _changes.push(stake);
        emit StakeChanged(stake.organisation, stake.key, stake.amount, _changes.length - 1);
    }

    /// @inheritdoc IValidators
    function stakeOf(bytes32 key) external view returns (Stake memory) {
        return _stakes[key];
    }

    /// @inheritdoc IValidators
    function changeOf(bytes32 key) external view returns (uint64) {
        return _pending[key].change;
    }

    /// @inheritdoc IValidators
    function count() external view returns (uint256) {
        return _changes.length;
    }

    /// @inheritdoc IValidators
    function changeAt(uint256 place) external view returns (Stake memory) {
        return _changes[place];
    }
}
